// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The server in process refuses what the real one refuses: otherwise tests against it would prove nothing. Asked by the client as
 * others use it, and by hand for what no client would send.
 */
class FakeGcsTest extends GcsTestBase {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private Storage client;

    @BeforeEach
    void connect() {
        client = GcsServer.client(fake.endpoint());
    }

    @Test
    void aPreconditionThatDoesNotHoldIsRefusedAndChangesNothing() {
        long first = write("a", 1, BlobTargetOption.doesNotExist());
        assertThat(status(() -> write("a", 2, BlobTargetOption.doesNotExist()))).isEqualTo(412);
        assertThat(status(() -> write("a", 2, BlobTargetOption.generationMatch(first + 1))))
                .isEqualTo(412);
        assertThat(status(() -> client.get(BlobId.of(bucket, "a"), Storage.BlobGetOption.generationMatch(first + 1))))
                .isEqualTo(412);
        assertThat(status(() -> client.delete(BlobId.of(bucket, "a"), BlobSourceOption.generationMatch(first + 1))))
                .isEqualTo(412);
        assertThat(client.readAllBytes(bucket, "a")).isEqualTo(bytes(1));

        long second = write("a", 2, BlobTargetOption.generationMatch(first));
        assertThat(second).isNotEqualTo(first);
        assertThat(client.get(BlobId.of(bucket, "a", first))).isNull();
        assertThat(client.delete(BlobId.of(bucket, "a"), BlobSourceOption.generationMatch(second)))
                .isTrue();
        assertThat(client.delete(BlobId.of(bucket, "a"))).isFalse();
        assertThat(write("a", 1, BlobTargetOption.doesNotExist())).isNotIn(first, second);
    }

    @Test
    void aPatchChangesTheMetagenerationAlone() {
        long generation = write("a", 1);
        Blob patched = client.update(
                BlobInfo.newBuilder(bucket, "a").setMetadata(Map.of("k", "v")).build(),
                BlobTargetOption.metagenerationMatch(1));

        assertThat(patched.getGeneration()).isEqualTo(generation);
        assertThat(patched.getMetageneration()).isEqualTo(2);
        assertThat(status(() -> client.update(
                        BlobInfo.newBuilder(bucket, "a").build(), BlobTargetOption.metagenerationMatch(1))))
                .isEqualTo(412);
    }

    @Test
    void ofManyThatCreateOneNameOneDoes() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 5; round++) {
                String name = "race-" + round;
                List<Future<Integer>> racers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int size = i + 1;
                    racers.add(threads.submit(() -> status(() -> write(name, size, BlobTargetOption.doesNotExist()))));
                }
                int winners = 0;
                for (Future<Integer> racer : racers) {
                    winners += racer.get() == 200 ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBucketThatDoesNotExistIsNotFound() {
        assertThat(status(() -> client.list("terrace-nowhere"))).isEqualTo(404);
        assertThat(status(() -> client.create(
                        BlobInfo.newBuilder("terrace-nowhere", "a").build(), bytes(1))))
                .isEqualTo(404);
    }

    @Test
    void whatIsTooLargeForANameOrForMetadataIsRefused() {
        assertThat(status(() -> write("n".repeat(1025), 1))).isEqualTo(400);
        assertThat(status(() -> client.create(
                        BlobInfo.newBuilder(bucket, "a")
                                .setMetadata(Map.of("k", "v".repeat(8192)))
                                .build(),
                        bytes(1))))
                .isEqualTo(400);
    }

    @Test
    void aRangeOutsideIsRefusedWithTheSize() throws Exception {
        write("a", 10);
        HttpResponse<byte[]> refused = send(HttpRequest.newBuilder(
                        URI.create(fake.endpoint() + "/download/storage/v1/b/" + bucket + "/o/a?alt=media"))
                .header("Range", "bytes=10-"));

        assertThat(refused.statusCode()).isEqualTo(416);
        assertThat(refused.headers().firstValue("Content-Range")).contains("bytes */10");
    }

    @Test
    void aSessionTakesOnlyWhatFits() throws Exception {
        URI session = start("a");
        assertThat(put(session, "bytes 0-" + (CHUNK - 1) + "/*", CHUNK - 1).statusCode())
                .isEqualTo(400);
        assertThat(put(session, "bytes 0-999/*", 1000).statusCode())
                .as("no multiple of 256 KiB")
                .isEqualTo(400);
        assertThat(put(session, "bytes " + CHUNK + "-" + (2 * CHUNK - 1) + "/*", CHUNK)
                        .statusCode())
                .as("a gap")
                .isEqualTo(400);
        assertThat(put(session, "bytes 0-9/11", 10).statusCode())
                .as("a last byte that is not the last")
                .isEqualTo(400);
        assertThat(put(session, "nonsense", 10).statusCode()).isEqualTo(400);
        HttpResponse<byte[]> nothing = put(session, "bytes */*", 0);
        assertThat(nothing.statusCode()).isEqualTo(308);
        assertThat(nothing.headers().firstValue("Range")).isEmpty();
    }

    @Test
    void aSessionRemembersWhatItHas() throws Exception {
        URI session = start("a");
        HttpResponse<byte[]> taken = put(session, "bytes 0-" + (CHUNK - 1) + "/*", CHUNK);
        assertThat(taken.statusCode()).isEqualTo(308);
        assertThat(taken.headers().firstValue("Range")).contains("bytes=0-" + (CHUNK - 1));
        assertThat(put(session, "bytes 0-" + (CHUNK - 1) + "/*", CHUNK)
                        .headers()
                        .firstValue("Range"))
                .as("sent again")
                .contains("bytes=0-" + (CHUNK - 1));
        assertThat(client.get(bucket, "a")).isNull();

        assertThat(put(session, "bytes " + CHUNK + "-" + (CHUNK + 9) + "/" + (CHUNK + 10), 10)
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get(bucket, "a").getSize()).isEqualTo(CHUNK + 10);
        client.delete(bucket, "a");
        assertThat(put(session, "bytes " + CHUNK + "-" + (CHUNK + 9) + "/" + (CHUNK + 10), 10)
                        .statusCode())
                .as("a session that is over answers as it did")
                .isEqualTo(200);
        assertThat(client.get(bucket, "a")).as("and writes nothing again").isNull();
        assertThat(put(URI.create(session.toString().replaceAll("upload_id=.*", "upload_id=none")), "bytes 0-9/10", 10)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSessionLooksAtItsPreconditionsAtBothEnds() throws Exception {
        URI session = start("a");
        write("a", 1);
        assertThat(put(session, "bytes 0-9/10", 10).statusCode()).isEqualTo(412);
        assertThat(client.readAllBytes(bucket, "a")).isEqualTo(bytes(1));
        assertThat(begin("a").statusCode()).isEqualTo(412);
    }

    @Test
    void aSessionComparesTheChecksumOfAll() throws Exception {
        URI session = start("a");
        HttpResponse<byte[]> refused = send(HttpRequest.newBuilder(session)
                .header("Content-Range", "bytes 0-9/10")
                .header("x-goog-hash", "crc32c=AAAAAA==")
                .PUT(BodyPublishers.ofByteArray(bytes(10))));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(client.get(bucket, "a")).isNull();
    }

    private long write(String name, int size, BlobTargetOption... options) {
        return client.create(BlobInfo.newBuilder(bucket, name).build(), bytes(size), options)
                .getGeneration();
    }

    private URI start(String name) throws Exception {
        return URI.create(begin(name).headers().firstValue("Location").orElseThrow());
    }

    private HttpResponse<byte[]> begin(String name) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(fake.endpoint() + "/upload/storage/v1/b/" + bucket
                        + "/o?uploadType=resumable&ifGenerationMatch=0&name=" + name))
                .POST(BodyPublishers.ofString("{}")));
    }

    private static HttpResponse<byte[]> put(URI session, String range, int size) throws Exception {
        return send(HttpRequest.newBuilder(session)
                .header("Content-Range", range)
                .PUT(BodyPublishers.ofByteArray(bytes(size))));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static int status(Callable<?> call) {
        StorageException refused = catchThrowableOfType(StorageException.class, call::call);
        return refused == null ? 200 : refused.getCode();
    }
}
