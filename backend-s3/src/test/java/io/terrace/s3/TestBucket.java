// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * An empty bucket: a new one of the embedded server, or, if {@code TERRACE_TEST_S3_ENDPOINT} is set, the one that
 * {@code TERRACE_TEST_S3_BUCKET} names there, which is emptied before and after each test. Credentials are then those that
 * the SDK finds.
 */
final class TestBucket implements AutoCloseable {

    private static final @Nullable String ENDPOINT = System.getenv("TERRACE_TEST_S3_ENDPOINT");

    private final String name;

    private TestBucket(String name) {
        this.name = name;
    }

    static TestBucket create() {
        if (ENDPOINT == null) {
            return new TestBucket(EmbeddedS3.shared().createBucket());
        }
        TestBucket bucket = new TestBucket(
                Optional.ofNullable(System.getenv("TERRACE_TEST_S3_BUCKET")).orElse("terrace-tests"));
        bucket.empty();
        return bucket;
    }

    String name() {
        return name;
    }

    static URI endpoint() {
        return ENDPOINT == null ? EmbeddedS3.shared().endpoint() : URI.create(ENDPOINT);
    }

    S3Blobs.Builder configure(S3Blobs.Builder builder) {
        if (ENDPOINT == null) {
            builder.accessKey(
                    EmbeddedS3.shared().accessKeyId(), EmbeddedS3.shared().secretAccessKey());
        }
        return builder.bucket(name).endpoint(endpoint()).pathStyle(true);
    }

    @Override
    public void close() {
        if (ENDPOINT == null) {
            EmbeddedS3.shared().deleteBucket(name);
        } else {
            empty();
        }
    }

    /** The uploads in parts that were begun and neither completed nor aborted. */
    List<String> uploads() {
        if (ENDPOINT == null) {
            return EmbeddedS3.shared().uploads(name);
        }
        try (S3AsyncClient client = client()) {
            return client.listMultipartUploads(request -> request.bucket(name)).join().uploads().stream()
                    .map(upload -> upload.key())
                    .toList();
        }
    }

    /** A client of the SDK as it comes, to be closed. */
    static S3AsyncClient client() {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true);
        if (ENDPOINT == null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    EmbeddedS3.shared().accessKeyId(), EmbeddedS3.shared().secretAccessKey())));
        }
        return builder.build();
    }

    private void empty() {
        try (S3AsyncClient client = client()) {
            ListObjectsV2Response page;
            do {
                page = client.listObjectsV2(request -> request.bucket(name)).join();
                page.contents().forEach(object -> client.deleteObject(
                                request -> request.bucket(name).key(object.key()))
                        .join());
            } while (Boolean.TRUE.equals(page.isTruncated()));
            ListMultipartUploadsResponse uploads =
                    client.listMultipartUploads(request -> request.bucket(name)).join();
            uploads.uploads().forEach(upload -> client.abortMultipartUpload(
                            request -> request.bucket(name).key(upload.key()).uploadId(upload.uploadId()))
                    .join());
        } catch (SdkException e) {
            throw new IllegalStateException("the bucket '" + name + "' at " + endpoint() + " cannot be emptied", e);
        }
    }
}
