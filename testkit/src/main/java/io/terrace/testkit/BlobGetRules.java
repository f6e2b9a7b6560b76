// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import java.nio.ByteBuffer;
import java.util.List;

/** LT-3: opening a blob. */
abstract class BlobGetRules {

    private static final int SIZE = (2 << 20) + 7;

    private final Blobs blobs;

    BlobGetRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-3.1")
    void anAbsentBlobIsAnEmptyAnswer() {
        assertThat(Await.optional(blobs.backend().get(blobs.fresh(), null))).isEmpty();
        assertThat(Await.optional(blobs.backend().get(blobs.fresh(), ByteRange.from(5))))
                .isEmpty();
    }

    @Rule("LT-3.2")
    void aBlobIsOpenedWholeWithoutARange() {
        BlobId id = blobs.installed(SIZE);
        BlobContent content = blobs.open(id, null);

        assertThat(content.range()).isNull();
        assertThat(content.info()).isEqualTo(Await.value(blobs.backend().head(id)));
        assertThat(Bytes.join(Await.all(content.body()))).isEqualTo(Bytes.of(SIZE));
    }

    @Rule("LT-3.3")
    void aRangeSelectsExactlyItsBytes() {
        for (int size : List.of(1, 1000, SIZE)) {
            BlobId id = blobs.installed(size);
            int middle = size / 2;
            rangeIs(id, size, ByteRange.bounded(0, 0), 0, 0);
            rangeIs(id, size, ByteRange.bounded(size - 1, size - 1), size - 1, size - 1);
            rangeIs(id, size, ByteRange.bounded(size / 3, middle), size / 3, middle);
            rangeIs(id, size, ByteRange.bounded(0, size - 1), 0, size - 1);
            rangeIs(id, size, ByteRange.from(0), 0, size - 1);
            rangeIs(id, size, ByteRange.from(middle), middle, size - 1);
            rangeIs(id, size, ByteRange.last(1), size - 1, size - 1);
            rangeIs(id, size, ByteRange.last(Math.max(1, middle)), size - Math.max(1, middle), size - 1);
        }
    }

    @Rule("LT-3.4")
    void aRangeThatReachesBeyondTheBlobIsCutAtItsEnd() {
        for (int size : List.of(1, 1000)) {
            BlobId id = blobs.installed(size);
            rangeIs(id, size, ByteRange.bounded(size / 2, size), size / 2, size - 1);
            rangeIs(id, size, ByteRange.bounded(0, Long.MAX_VALUE), 0, size - 1);
            rangeIs(id, size, ByteRange.last(size + 1), 0, size - 1);
            rangeIs(id, size, ByteRange.last(Long.MAX_VALUE), 0, size - 1);
        }
    }

    @Rule("LT-3.5")
    void aRangeThatSelectsNothingFailsWithTheSizeOfTheBlob() {
        for (int size : List.of(0, 1, 1000)) {
            BlobId id = blobs.installed(size);
            for (ByteRange range : List.of(
                    ByteRange.from(size),
                    ByteRange.from(Long.MAX_VALUE),
                    ByteRange.bounded(size, size + 1),
                    ByteRange.bounded(size + 1, Long.MAX_VALUE))) {
                isNotSatisfiable(id, size, range);
            }
        }
    }

    @Rule("LT-3.6")
    void anEmptyBlobIsReadWithoutARangeAndHasNone() {
        BlobId id = blobs.installed(0);

        assertThat(Await.all(blobs.open(id, null).body())).allMatch(piece -> !piece.hasRemaining());
        for (ByteRange range : List.of(ByteRange.from(0), ByteRange.bounded(0, 0), ByteRange.last(1))) {
            isNotSatisfiable(id, 0, range);
        }
    }

    @Rule(value = "LT-3.7", requirement = Requirement.STOCHASTIC)
    void readersAtTheSameTimeDoNotMix() {
        BlobId id = blobs.installed(SIZE);
        List<ByteBuffer> read = Race.of(8, racer -> blobs.read(id, ByteRange.from(racer)));

        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i)).isEqualTo(Bytes.slice(Bytes.of(SIZE), i, SIZE - i));
        }
    }

    private void rangeIs(BlobId id, int size, ByteRange range, long first, long last) {
        BlobContent content = blobs.open(id, range);

        assertThat(content.range()).as("%s of %s", range, size).isEqualTo(new ContentRange(first, last, size));
        assertThat(content.info().size()).isEqualTo(size);
        assertThat(Bytes.join(Await.all(content.body())))
                .as("%s of %s", range, size)
                .isEqualTo(Bytes.slice(Bytes.of(size), first, last - first + 1));
    }

    private void isNotSatisfiable(BlobId id, int size, ByteRange range) {
        assertThat(Await.error(blobs.backend().get(id, range)))
                .as("%s of %s", range, size)
                .isInstanceOfSatisfying(RangeNotSatisfiableException.class, error -> assertThat(error.total())
                        .isEqualTo(size));
    }
}
