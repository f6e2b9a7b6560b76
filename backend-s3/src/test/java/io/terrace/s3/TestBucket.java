// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.InetSocketAddress;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** A bucket that was empty when its test began, and that nobody else uses. */
final class TestBucket implements AutoCloseable {

    private final TestServer server;
    private final String name;

    private TestBucket(TestServer server) {
        this.server = server;
        this.name = server.createBucket();
    }

    /** At whatever server the tests run against. */
    static TestBucket create() {
        return at(TestServer.shared());
    }

    static TestBucket at(TestServer server) {
        return new TestBucket(server);
    }

    String name() {
        return name;
    }

    /** Where the server of the bucket listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(
                server.endpoint().getHost(), server.endpoint().getPort());
    }

    S3Blobs.Builder configure(S3Blobs.Builder builder) {
        AwsBasicCredentials credentials = server.credentials();
        if (credentials != null) {
            builder.accessKey(credentials.accessKeyId(), credentials.secretAccessKey());
        }
        return builder.bucket(name).endpoint(server.endpoint()).pathStyle(true);
    }

    @Override
    public void close() {
        server.deleteBucket(name);
    }

    /** The uploads in parts that were begun and neither completed nor aborted. */
    List<String> uploads() {
        return server.uploads(name);
    }

    /** A client of the SDK as it comes, to be closed. */
    static S3AsyncClient client(TestServer server) {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true);
        AwsBasicCredentials credentials = server.credentials();
        if (credentials != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(credentials));
        }
        return builder.build();
    }
}
