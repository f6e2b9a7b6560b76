// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each call costs in requests; {@code docs/backends/gcs.md} has the same figures. */
class GcsRequestsTest extends GcsTestBase {

    @Test
    void aPutOfUpToOneChunkIsOneRequest() {
        for (int size : new int[] {0, 1, CHUNK - 1, CHUNK}) {
            fake.resetCounts();
            put(blob(), size).block(PATIENCE);

            assertThat(fake.counts()).as("%s bytes", size).isEqualTo(Map.of("insert", 1));
        }
    }

    @Test
    void aLargerPutIsOneRequestForEachChunkAndOneToBegin() {
        for (int chunks = 2; chunks <= 4; chunks++) {
            for (int less : new int[] {0, 1, CHUNK - 1}) {
                fake.resetCounts();
                put(blob(), chunks * CHUNK - less).block(PATIENCE);

                assertThat(fake.counts())
                        .as("%s chunks less %s bytes", chunks, less)
                        .isEqualTo(Map.of("start", 1, "chunk", chunks - 1, "finish", 1));
            }
        }
    }

    @Test
    void aPutOfABlobThatIsThereIsOneRequestMore() {
        BlobId id = stored(10);
        put(id, 10).block(PATIENCE);

        assertThat(fake.counts()).isEqualTo(Map.of("insert", 1, "describe", 1));
    }

    @Test
    void aGetIsTwoRequestsHoweverLargeTheBlob() {
        BlobId id = stored(9 * CHUNK + 1);
        read(id);
        assertThat(fake.counts()).isEqualTo(Map.of("describe", 1, "download", 1));

        fake.resetCounts();
        blobs.get(id, ByteRange.bounded(CHUNK, 3 * CHUNK))
                .flatMapMany(BlobContent::body)
                .blockLast(PATIENCE);
        assertThat(fake.counts()).isEqualTo(Map.of("describe", 1, "download", 1));
    }

    @Test
    void aGetThatYieldsNoBytesIsOneRequest() {
        BlobId empty = stored(0);
        read(empty);
        assertThat(fake.counts()).isEqualTo(Map.of("describe", 1));

        fake.resetCounts();
        assertThat(failureOf(blobs.get(empty, ByteRange.from(0)))).isInstanceOf(RangeNotSatisfiableException.class);
        assertThat(blobs.get(blob(), null).blockOptional(PATIENCE)).isEmpty();
        assertThat(fake.counts()).isEqualTo(Map.of("describe", 2));
    }

    @Test
    void headDeleteAndCheckAreOneRequest() {
        BlobId id = stored(10);
        blobs.head(id).block(PATIENCE);
        blobs.delete(id).block(PATIENCE);
        blobs.delete(id).block(PATIENCE);
        blobs.check().block(PATIENCE);

        assertThat(fake.counts()).isEqualTo(Map.of("describe", 1, "delete", 2, "list", 1));
    }

    @Test
    void aListingIsOneRequestForEachPageThatIsWanted() {
        fake.objects().pageLimit(10);
        for (int i = 0; i < 25; i++) {
            put(blob(), 1).block(PATIENCE);
        }
        fake.resetCounts();
        assertThat(blobs.list("").collectList().block(PATIENCE)).hasSize(25).doesNotHaveDuplicates();
        assertThat(fake.counts()).isEqualTo(Map.of("list", 3));

        fake.resetCounts();
        assertThat(blobs.list("").take(10).collectList().block(PATIENCE)).hasSize(10);
        assertThat(fake.counts()).isEqualTo(Map.of("list", 1));
    }
}
