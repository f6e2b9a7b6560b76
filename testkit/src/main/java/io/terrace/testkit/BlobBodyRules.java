// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.FileRegion;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** LT-3, continued: the content of a blob that is open. */
abstract class BlobBodyRules {

    private static final int MIB = 1 << 20;

    private final Blobs blobs;

    BlobBodyRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-3.8")
    void aBodyEmitsNoMoreThanWasAskedFor() throws InterruptedException {
        BlobId id = blobs.fresh();
        blobs.put(id, Blobs.stream(Bytes.cut(Bytes.of(4 * MIB), MIB / 4)));
        Demand<ByteBuffer> demand = Demand.on(blobs.open(id, null).body());

        Await.remains(() -> assertThat(demand.received()).isEmpty());
        assertThat(demand.expect(1).expect(2).drain()).isNull();
        assertThat(Bytes.join(demand.received())).isEqualTo(Bytes.of(4 * MIB));
    }

    @Rule("LT-3.9")
    void aBufferIsNoLargerThanOneMebibyte() {
        BlobId id = blobs.installed(3 * MIB + 1);

        assertThat(Await.all(blobs.open(id, null).body()))
                .allSatisfy(piece -> assertThat(piece.remaining()).isLessThanOrEqualTo(MIB));
    }

    @Rule("LT-3.10")
    void aBodyIsReadOnce() {
        BlobContent content = blobs.open(blobs.installed(100), null);
        assertThat(Bytes.join(Await.all(content.body()))).isEqualTo(Bytes.of(100));

        assertThat(Await.error(content.body())).isInstanceOf(IllegalStateException.class);
        assertThat(Await.error(content.body())).isInstanceOf(IllegalStateException.class);
    }

    @Rule("LT-3.11")
    void discardingIsIdempotentAndNeverFails() {
        BlobId id = blobs.installed(100);
        BlobContent unread = blobs.open(id, null);
        Await.done(unread.discard());
        Await.done(unread.discard());
        BlobContent read = blobs.open(id, null);
        assertThat(Bytes.join(Await.all(read.body()))).isEqualTo(Bytes.of(100));
        Await.done(read.discard());

        assertThat(blobs.read(id)).isEqualTo(Bytes.of(100));
    }

    @Rule("LT-3.12")
    void aBodyThatIsCancelledEmitsNothingMoreAndTheBlobIsReadableStill() {
        BlobId id = blobs.fresh();
        blobs.put(id, Blobs.stream(Bytes.cut(Bytes.of(2 * MIB), MIB / 8)));
        for (int asked = 0; asked < 3; asked++) {
            Demand<ByteBuffer> demand = Demand.on(blobs.open(id, null).body());
            int expected = asked;
            demand.expect(asked).cancel();
            Await.remains(() -> assertThat(demand.received()).hasSize(expected));
        }

        assertThat(blobs.read(id)).isEqualTo(Bytes.of(2 * MIB));
    }

    @Rule("LT-3.13")
    void aReaderOfABlobThatIsDeletedGetsAllOfItOrAnError() throws InterruptedException {
        BlobId id = blobs.fresh();
        blobs.put(id, Blobs.stream(Bytes.cut(Bytes.of(4 * MIB), MIB / 2)));
        BlobContent content = blobs.open(id, null);
        Demand<ByteBuffer> demand = Demand.on(content.body());
        demand.expect(1);
        Await.done(blobs.backend().delete(id));

        if (demand.drain() == null) {
            assertThat(Bytes.join(demand.received())).isEqualTo(Bytes.of(4 * MIB));
        }
    }

    @Rule("LT-3.14")
    void aFileRegionIsOfferedExactlyIfDeclaredAndHoldsTheBytes() throws IOException {
        boolean declared = blobs.backend().capabilities().contains(Capability.FILE_REGIONS);
        BlobContent content = blobs.open(blobs.installed(5000), ByteRange.bounded(10, 4009));
        Optional<FileRegion> region = content.file();

        assertThat(region.isPresent()).isEqualTo(declared);
        if (region.isPresent()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) region.get().length());
            long at = region.get().position();
            int read;
            do {
                read = region.get().channel().read(bytes, at + bytes.position());
            } while (read >= 0 && bytes.hasRemaining());
            assertThat(bytes.flip()).isEqualTo(Bytes.slice(Bytes.of(5000), 10, 4000));
        }
        Await.done(content.discard());
    }

    @Rule("LT-3.15")
    void contentThatIsDiscardedUnreadHoldsNothing() {
        BlobId id = blobs.installed(1000);
        for (int i = 0; i < 200; i++) {
            Await.done(blobs.open(id, null).discard());
        }
        Await.done(blobs.backend().delete(id));

        blobs.assertAbsent(id);
    }
}
