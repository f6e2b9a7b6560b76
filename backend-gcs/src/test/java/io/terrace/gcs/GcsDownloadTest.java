// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.storage.BlobInfo;
import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.Compression;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.IntegrityException;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.gcs.FakeFault.Before;
import io.terrace.gcs.FakeFault.Cut;
import io.terrace.gcs.FakeFault.DamageAnswer;
import io.terrace.gcs.FakeFault.Refuse;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads from a server that fails, and of objects that others wrote, change or delete. */
class GcsDownloadTest extends GcsTestBase {

    private static final int SIZE = 5 * CHUNK + 77;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, CHUNK, CHUNK + 1, SIZE - 1})
    void aBodyThatBreaksIsReadOnFromTheLastByte(int cut) {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Cut(cut));

        assertThat(readInto(id, null)).isEqualTo(bytes(SIZE));
        // The first buffer is read before there is a body; who asks for the blob repeats that.
        assertThat(fake.counts().get("download")).isBetween(2, 3);
    }

    @Test
    void aRangeThatBreaksIsReadOnFromTheLastByte() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Cut(CHUNK + 500));

        assertThat(readInto(id, ByteRange.bounded(100, SIZE - 100)))
                .isEqualTo(Arrays.copyOfRange(bytes(SIZE), 100, SIZE - 99));
    }

    @Test
    void aBodyThatBreaksAgainAndAgainWithoutAByteIsGivenUp() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Cut(CHUNK + 500));
        fake.plan("download", 1000, new Refuse(503, "backendError"));

        assertThat(failureOf(blobs.get(id, null).flatMapMany(BlobContent::body)))
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(fake.counts().get("download")).isLessThanOrEqualTo(5);
    }

    @Test
    void damagedBytesAreFoundWhenTheWholeBlobIsRead() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new DamageAnswer());

        assertThat(failureOf(blobs.get(id, null).flatMapMany(BlobContent::body)))
                .isInstanceOf(IntegrityException.class);
        assertThat(read(id)).isEqualTo(bytes(SIZE));
    }

    /** Two requests of which the second one finds nothing are an absent blob, and not a failure. */
    /** What was read when the blob was opened waits for nothing. */
    @Test
    void aBodyOfOneBufferNeedsNoThread() {
        BlobContent opened = blobs.get(stored(1000), null).block(PATIENCE);
        List<ByteBuffer> read = new ArrayList<>();
        opened.body().subscribe(read::add);

        assertThat(join(read)).isEqualTo(bytes(1000));
    }

    @Test
    void aBlobThatIsDeletedBetweenTheRequestsIsAbsent() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Before(() -> fake.objects().delete(bucket, id.storagePath(), Map.of())));

        assertThat(blobs.get(id, null).blockOptional(PATIENCE)).isEmpty();
    }

    /** Metadata and bytes are those of one generation, whatever happens between the two requests. */
    @Test
    void aBlobThatIsReplacedBetweenTheRequestsIsTheNewOne() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Before(() -> replace(id, "image/png", 10)));
        BlobContent content = blobs.get(id, null).block(PATIENCE);

        assertThat(content.info().size()).isEqualTo(10);
        assertThat(content.info().metadata().contentType()).isEqualTo("image/png");
        assertThat(join(content.body().collectList().block(PATIENCE))).isEqualTo(bytes(10));
    }

    @Test
    void aBlobThatIsReplacedWhileItsBodyBreaksIsNotReadOn() {
        BlobId id = stored(SIZE);
        fake.plan("download", 1, new Cut(2 * CHUNK));
        fake.plan("download", 1, new Before(() -> replace(id, "image/png", SIZE)));

        assertThat(failureOf(blobs.get(id, null).flatMapMany(BlobContent::body)))
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> {
                    assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                    assertThat(error).hasMessageContaining("deleted while it was being read");
                });
    }

    /**
     * A read whose side effect fails must not fail, so no read has one: a server that takes no write at all answers all of them,
     * and none of them asks it to.
     */
    @Test
    void readsWriteNothing() {
        BlobId id = stored(SIZE);
        for (String write : new String[] {"insert", "start", "patch", "delete", "unknown"}) {
            fake.plan(write, Integer.MAX_VALUE, new Refuse(429, "rateLimitExceeded"));
        }

        assertThat(read(id)).isEqualTo(bytes(SIZE));
        assertThat(blobs.head(id).block(PATIENCE)).isNotNull();
        assertThat(blobs.list("").collectList().block(PATIENCE)).containsExactly(id);
        assertThat(blobs.check().block(PATIENCE).healthy()).isTrue();
        assertThat(fake.counts().keySet()).isEqualTo(Set.of("describe", "download", "list"));
        assertThat(object(id).metageneration()).isEqualTo(1);
    }

    @Test
    void anObjectOfAnotherProgramIsReadWithWhatItsEntriesSay() {
        BlobId id = blob();
        store(BlobInfo.newBuilder(bucket, id.storagePath())
                .setContentType("text/css")
                .setContentEncoding("zstd")
                .setCustomTimeOffsetDateTime(OffsetDateTime.parse("2030-01-02T03:04:05Z"))
                .setMetadata(Map.of(
                        "x-sn-expiration", "ttl:30days",
                        "x-sn-origin", "203.0.113.7",
                        "x-sn-filename", "a b.css",
                        "x-snme-Team", "red",
                        "goog-reserved-x", "unheard of")));
        ObjectMetadata metadata = blobs.head(id).block(PATIENCE).metadata();

        assertThat(metadata.contentType()).isEqualTo("text/css");
        assertThat(metadata.compression()).isEqualTo(Compression.ZSTD);
        assertThat(metadata.expiration()).hasToString("ttl:30days");
        assertThat(metadata.timeExpires()).isEqualTo("2030-01-02T03:04:05Z");
        assertThat(metadata.timeCreated()).isNotNull();
        assertThat(metadata.origin()).isEqualTo("203.0.113.7");
        assertThat(metadata.filename()).isEqualTo("a b.css");
        assertThat(metadata.custom()).isEqualTo(Map.of("Team", "red"));
        assertThat(read(id)).isEqualTo(bytes(10));
    }

    @Test
    void anObjectWhoseMetadataCannotBeReadIsReadWithoutThem() {
        for (Map<String, String> entries : List.of(
                Map.of("x-sn-expiration", "soon"),
                Map.of("x-terrace-metadata", "%%%"),
                Map.of("x-terrace-metadata", "bm8ganNvbg"),
                Map.of("x-terrace-metadata", "-"))) {
            BlobId id = blob();
            store(BlobInfo.newBuilder(bucket, id.storagePath()).setMetadata(entries));

            assertThat(blobs.head(id).block(PATIENCE).metadata())
                    .as("%s", entries)
                    .isNull();
            assertThat(read(id)).isEqualTo(bytes(10));
        }
    }

    /** Rules of a bucket act on custom times; of ours none has one, whenever it expires. */
    @Test
    void noBlobOfOursHasACustomTime() {
        BlobId id = blob();
        ObjectMetadata expires = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofDays(1)))
                .timeExpires(Instant.parse("2026-01-02T00:00:00Z"))
                .build();
        blobs.put(id, expires, Payload.of(bytes(3)), CommitGate.OPEN).block(PATIENCE);

        assertThat(object(id).resource().has("customTime")).isFalse();
        assertThat(blobs.head(id).block(PATIENCE).metadata()).isEqualTo(expires);
    }

    private void replace(BlobId id, String type, int size) {
        fake.objects().delete(bucket, id.storagePath(), Map.of());
        fake.objects()
                .store(
                        bucket,
                        id.storagePath(),
                        FakeAnswer.JSON.createObjectNode().put("contentType", type),
                        bytes(size),
                        Map.of());
    }

    private void store(BlobInfo.Builder object) {
        GcsServer.client(fake.endpoint()).create(object.build(), bytes(10));
    }

    /** As the engine does: a get that fails is repeated. */
    private byte[] readInto(BlobId id, ByteRange range) {
        return blobs.get(id, range)
                .retry(1)
                .flatMapMany(BlobContent::body)
                .collectList()
                .map(GcsTestBase::join)
                .block(PATIENCE);
    }
}
