// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.util.UUID;

/** The server that tests run against: one in this process, or the one that {@code TERRACE_TEST_GCS_ENDPOINT} names. */
public final class GcsServer {

    private static final String GIVEN = System.getenv("TERRACE_TEST_GCS_ENDPOINT");

    private GcsServer() {}

    private static final class InProcess {
        private static final FakeGcs FAKE = FakeGcs.start();
    }

    /** Started on first use, and as long as the JVM. */
    public static String endpoint() {
        return GIVEN == null ? InProcess.FAKE.endpoint() : GIVEN;
    }

    /** An empty bucket of a name that no other test has. */
    public static String newBucket() {
        return newBucket(endpoint());
    }

    /** Removes a bucket with all that is in it, sessions that nobody ended apart. */
    static void drop(String endpoint, String bucket) {
        if (GIVEN == null && endpoint.equals(endpoint())) {
            InProcess.FAKE.drop(bucket);
            return;
        }
        Storage client = client(endpoint);
        client.list(bucket).iterateAll().forEach(blob -> client.delete(blob.getBlobId()));
        client.delete(bucket);
    }

    static String newBucket(String endpoint) {
        String name = "terrace-" + UUID.randomUUID();
        client(endpoint).create(BucketInfo.of(name));
        return name;
    }

    /** The client as others use it. */
    static Storage client(String endpoint) {
        return StorageOptions.http()
                .setHost(endpoint)
                .setProjectId("terrace")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }
}
