// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.bigtable.BigtableServer;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.s3.EmbeddedS3;
import io.terrace.s3.S3Blobs;
import io.terrace.spi.BlobListing;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.verification.sink.Pattern;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The whole store over two servers, with their own clients: rows in Bigtable's emulator, blobs in S3Proxy. */
class RealTiersTest {

    private static final int SMALL = 4_000;
    private static final int LARGE = (20 << 20) + 7;

    private final TerraceRuntime runtime = TerraceRuntime.system();
    private final EmbeddedS3 s3 = EmbeddedS3.shared();
    private final String bucket = s3.createBucket();
    private final HighVolumeBackend rows = BigtableServer.shared()
            .rows(BigtableServer.shared().newTable(), runtime)
            .build();
    private final LongTermBackend blobs = S3Blobs.builder(runtime)
            .bucket(bucket)
            .endpoint(s3.endpoint())
            .pathStyle(true)
            .accessKey(s3.accessKeyId(), s3.secretAccessKey())
            .build();
    private final TieredObjectStore store = TieredObjectStore.builder()
            .highVolume(rows)
            .longTerm(blobs)
            .changeLog(InMemoryChangeLog.create())
            .build();

    @AfterEach
    void close() {
        store.closeLater(Duration.ofSeconds(10)).block();
        rows.closeLater().block();
        blobs.closeLater().block();
        s3.deleteBucket(bucket);
    }

    @Test
    void smallAndLargeObjectsReplaceEachOtherAndNothingIsLeftOver() {
        ObjectId id = ObjectId.of(ObjectContext.of("real"), "a/b \u00fc%2F");
        for (int size : new int[] {SMALL, LARGE, SMALL, 0, LARGE, LARGE}) {
            store.put(id, ObjectMetadata.of("text/plain"), body(size)).block();
            assertThat(read(id, GetOptions.all())).isEqualTo(Pattern.at(0, size));
        }
        assertThat(read(id, GetOptions.range(ByteRange.bounded(9 << 20, (9 << 20) + 99))))
                .isEqualTo(Pattern.at(9 << 20, 100));
        store.recover().block();
        assertThat(blobsThatAreThere()).hasSize(1);

        store.delete(id).block();
        assertThat(store.head(id).blockOptional()).isEmpty();
        store.recover().block();
        assertThat(blobsThatAreThere()).isEmpty();
        assertThat(s3.uploads(bucket)).isEmpty();
    }

    @Test
    void manyAtATimeAreListedInOrder() {
        ObjectContext context = ObjectContext.of("many");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add("k%03d".formatted(i));
        }
        Flux.fromIterable(keys)
                .flatMap(key -> store.put(ObjectId.of(context, key), ObjectMetadata.defaults(), body(SMALL)), 32)
                .blockLast();

        assertThat(store.list(context, "k", null, 1000).block().objects())
                .extracting(object -> object.id().key())
                .isEqualTo(keys);
        assertThat(store.deleteAll(context).count().block()).isEqualTo(200);
        assertThat(store.list(context, "", null, 1000).block().objects()).isEmpty();
    }

    private static Payload body(int size) {
        int buffer = 1 << 16;
        return Payload.from(Flux.range(0, (size + buffer - 1) / buffer)
                .map(i -> Pattern.at((long) i * buffer, Math.min(buffer, size - i * buffer))));
    }

    private ByteBuffer read(ObjectId id, GetOptions options) {
        return store.withObject(
                        id, options, object -> object.body().collectList().map(RealTiersTest::joined))
                .switchIfEmpty(Mono.error(new AssertionError("absent")))
                .block();
    }

    private static ByteBuffer joined(List<ByteBuffer> pieces) {
        ByteBuffer whole = ByteBuffer.allocate(
                pieces.stream().mapToInt(ByteBuffer::remaining).sum());
        pieces.forEach(whole::put);
        return whole.flip();
    }

    private List<?> blobsThatAreThere() {
        return blobs.facet(BlobListing.class)
                .orElseThrow()
                .list("")
                .collectList()
                .block();
    }
}
