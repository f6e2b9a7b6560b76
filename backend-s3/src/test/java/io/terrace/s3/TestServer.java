// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** A server that tests run against. */
interface TestServer {

    /**
     * The one that {@code TERRACE_TEST_S3_ENDPOINT} names, if it is set: with what the SDK finds as credentials, and with the
     * bucket that {@code TERRACE_TEST_S3_BUCKET} names, or else a new one for each test. Otherwise the embedded one.
     */
    static TestServer shared() {
        RemoteServer given = RemoteServer.GIVEN;
        return given == null ? EmbeddedS3.shared() : given;
    }

    URI endpoint();

    /** {@code null} for what the SDK finds. */
    @Nullable
    AwsBasicCredentials credentials();

    /** An empty bucket that no other test uses now. */
    String createBucket();

    /** Removes it with all that is in it, or at least empties it. */
    void deleteBucket(String bucket);

    /** The names of the objects whose uploads in parts were begun there and neither completed nor aborted. */
    List<String> uploads(String bucket);
}
