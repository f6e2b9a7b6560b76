// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ByteRange;
import io.terrace.IntegrityException;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.BlobId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** What lies in the bucket, and what is made of what others put there. */
class StoredBlobsTest {

    private static final S3AsyncClient CLIENT = TestBucket.client(TestServer.shared());

    private final Store store = new Store(settings -> settings.compatibility(Compatibility.AWS));

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aWholeBlobIsComparedWithTheChecksumItWasWrittenWith() {
        BlobId id = Store.id();
        store.put(id, Payload.of(Store.bytes(1000)));
        Map<String, String> written = CLIENT.headObject(
                        request -> request.bucket(store.bucket().name()).key(id.storagePath()))
                .join()
                .metadata();
        byte[] damaged = Store.bytes(1000);
        damaged[500]++;
        overwrite(id, damaged, written);

        assertThat(Store.error(store.open(id).body().then())).isInstanceOf(IntegrityException.class);
        assertThat(Store.join(Store.value(Store.value(store.blobs().get(id, ByteRange.bounded(0, 9)))
                        .body()
                        .collectList())))
                .hasSize(10);
        overwrite(id, Store.bytes(1000), written);
        assertThat(store.read(id)).isEqualTo(Store.bytes(1000));
    }

    @Test
    void metadataThatCannotBeReadMakeNoBlobUnreadable() {
        for (Map<String, String> foreign : List.of(
                Map.<String, String>of(),
                Map.of("terrace-metadata", "?", "terrace-crc32c", "?"),
                Map.of("terrace-metadata", "bm90IEpTT04", "other", "x"))) {
            BlobId id = Store.id();
            overwrite(id, Store.bytes(10), foreign);

            assertThat(store.read(id)).isEqualTo(Store.bytes(10));
            assertThat(Store.value(store.blobs().head(id)).metadata()).isNull();
        }
    }

    @Test
    void whatIsNotABlobOfOursIsNotListed() {
        BlobId id = Store.id();
        store.put(id, Payload.of(Store.bytes(1)));
        for (String key : List.of("readme.txt", "test/objects/key/", "test/objects/key/" + id.uuid() + ".bak")) {
            CLIENT.putObject(request -> request.bucket(store.bucket().name()).key(key), AsyncRequestBody.empty())
                    .join();
        }

        assertThat(Store.value(store.blobs().list("").collectList())).containsExactly(id);
    }

    @Test
    void aPrefixCountsForTheLengthOfNames() {
        S3Keys keys = new S3Keys("p".repeat(1000));

        assertThatThrownBy(() -> keys.of(Store.id())).isInstanceOf(TooLargeException.class);
        assertThat(new S3Keys("p").blobOf("p/" + Store.id().storagePath(), "test"))
                .isPresent();
        assertThat(new S3Keys("p").blobOf("pq/" + Store.id().storagePath(), "")).isEmpty();
    }

    private void overwrite(BlobId id, byte[] bytes, Map<String, String> metadata) {
        CLIENT.putObject(
                        request -> request.bucket(store.bucket().name())
                                .key(id.storagePath())
                                .metadata(metadata),
                        AsyncRequestBody.fromBytes(bytes))
                .join();
    }
}
