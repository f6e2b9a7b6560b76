// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A server that runs already, and whose buckets are made and emptied by the SDK's client as it comes. */
final class RemoteServer implements TestServer {

    static final @Nullable RemoteServer GIVEN = given();

    /** What a test has cancelled may arrive behind it. */
    private static final int EMPTYINGS = 5;

    private final URI endpoint;
    private final @Nullable AwsBasicCredentials credentials;
    private final @Nullable String onlyBucket;
    private final S3AsyncClient client;

    /** @param onlyBucket is there, and all that tests may use; {@code null} if each makes one */
    RemoteServer(URI endpoint, @Nullable AwsBasicCredentials credentials, @Nullable String onlyBucket) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.onlyBucket = onlyBucket;
        // As long as the process.
        this.client = TestBucket.client(this);
    }

    private static @Nullable RemoteServer given() {
        String endpoint = System.getenv("TERRACE_TEST_S3_ENDPOINT");
        return endpoint == null
                ? null
                : new RemoteServer(URI.create(endpoint), null, System.getenv("TERRACE_TEST_S3_BUCKET"));
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public @Nullable AwsBasicCredentials credentials() {
        return credentials;
    }

    @Override
    public String createBucket() {
        if (onlyBucket != null) {
            empty(onlyBucket);
            return onlyBucket;
        }
        String bucket = "terrace-" + UUID.randomUUID();
        client.createBucket(request -> request.bucket(bucket)).join();
        return bucket;
    }

    /** S3Proxy, for one, keeps what it got of an upload behind its abort, and then does not remove the bucket. */
    @Override
    public void deleteBucket(String bucket) {
        for (int again = EMPTYINGS; again > 0; again--) {
            empty(bucket);
            if (onlyBucket != null || isDeleted(bucket)) {
                return;
            }
        }
    }

    private boolean isDeleted(String bucket) {
        try {
            client.deleteBucket(request -> request.bucket(bucket)).join();
            return true;
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof S3Exception e && e.statusCode() == 409) {
                return false;
            }
            throw failed;
        }
    }

    @Override
    public List<String> uploads(String bucket) {
        return listUploads(bucket).uploads().stream()
                .map(upload -> upload.key())
                .toList();
    }

    private ListMultipartUploadsResponse listUploads(String bucket) {
        return client.listMultipartUploads(request -> request.bucket(bucket)).join();
    }

    private void empty(String bucket) {
        ListObjectsV2Response page;
        do {
            page = client.listObjectsV2(request -> request.bucket(bucket)).join();
            page.contents().forEach(object -> client.deleteObject(
                            request -> request.bucket(bucket).key(object.key()))
                    .join());
        } while (Boolean.TRUE.equals(page.isTruncated()));
        listUploads(bucket).uploads().forEach(upload -> abort(bucket, upload));
    }

    /** Others may have done so meanwhile. */
    private void abort(String bucket, MultipartUpload upload) {
        try {
            client.abortMultipartUpload(
                            request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()))
                    .join();
        } catch (CompletionException failed) {
            if (!(failed.getCause() instanceof NoSuchUploadException)) {
                throw failed;
            }
        }
    }
}
