// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.METADATA;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pass of collection finds through its index, and what it leaves. */
class CollectionTest {

    private static final Duration RETENTION = Duration.ofHours(25);

    @TempDir
    Path root;

    private final ManualRuntime clock = new ManualRuntime(1);

    @Test
    void manyMarkersGoInAFewWritesAndLeaveNothing() throws Exception {
        int[] writes = new int[1];
        RocksDbRows rows = RocksDbRows.builder(root, clock)
                .fsync(false)
                .writeStep(write -> {
                    writes[0]++;
                    write.now();
                })
                .build();
        for (int i = 0; i < 600; i++) {
            await(rows.putUnlessTombstone(id("key" + i), clock.newWriteId(), inline("text")));
            await(rows.deleteUnlessTombstone(id("key" + i), clock.newWriteId()));
        }
        await(rows.putUnlessTombstone(id("kept"), clock.newWriteId(), inline("text")));
        writes[0] = 0;
        assertThat(await(rows.collectMarkers())).isZero();
        clock.advance(RETENTION.plusSeconds(1));

        assertThat(await(rows.collectMarkers())).isEqualTo(600);
        assertThat(writes[0]).isEqualTo(3);
        await(rows.closeLater());
        assertThat(Foreign.count(root.resolve("rocksdb"), Family.HEADS)).isEqualTo(1);
        assertThat(Foreign.count(root.resolve("rocksdb"), Family.PAYLOADS)).isEqualTo(1);
        assertThat(Foreign.count(root.resolve("rocksdb"), Family.EXPIRIES)).isZero();
    }

    @Test
    void theIndexHasOneEntryForEachRowThatMayGoWhateverWasDoneToIt() throws Exception {
        RocksDbRows rows = open(RETENTION);
        ObjectId id = id("key");
        InlineObject expiring = new InlineObject(
                METADATA,
                Deadline.at(clock.now().plusSeconds(60)),
                inline("text").payload());
        for (int i = 0; i < 5; i++) {
            await(rows.putUnlessTombstone(id, clock.newWriteId(), expiring));
            clock.advance(Duration.ofSeconds(1));
            bump(rows, id, RowChange.fence(7));
            bump(rows, id, RowChange.deadline(Deadline.at(clock.now().plusSeconds(600))));
            await(rows.deleteUnlessTombstone(id, clock.newWriteId()));
        }
        await(rows.putUnlessTombstone(id("forever"), clock.newWriteId(), inline("text")));
        await(rows.closeLater());

        assertThat(Foreign.count(root.resolve("rocksdb"), Family.EXPIRIES)).isEqualTo(1);
        assertThat(Foreign.count(root.resolve("rocksdb"), Family.PAYLOADS)).isEqualTo(1);
    }

    @Test
    void aTombstoneStaysHoweverLongItHasBeenDead() {
        RocksDbRows rows = open(RETENTION);
        ObjectId id = id("large");
        BlobId blob = new BlobId(id, clock.newUuid());
        RowWrite write = new RowWrite.Tombstone(clock.newWriteId(), blob, METADATA, Deadline.DEAD);
        await(rows.compareAndSet(id, RowVersion.ABSENT, write));
        clock.advance(Duration.ofDays(1000));

        assertThat(await(rows.collectMarkers())).isZero();
        assertThat(await(rows.read(id, RowProjection.HEAD)).kind()).isEqualTo(RowKind.TOMBSTONE);
        // Retired, it is a marker, which goes in its time.
        bump(rows, id, RowChange.retire());
        assertThat(await(rows.collectMarkers())).isZero();
        clock.advance(RETENTION.plusSeconds(1));
        assertThat(await(rows.collectMarkers())).isEqualTo(1);
        assertThat(await(rows.read(id, RowProjection.HEAD))).isNull();
        await(rows.closeLater());
    }

    @Test
    void theLongerOfTwoRetentionsCounts() {
        RocksDbRows rows = open(Duration.ofHours(1));
        await(rows.putUnlessTombstone(id("key"), clock.newWriteId(), inline("text")));
        await(rows.deleteUnlessTombstone(id("key"), clock.newWriteId()));
        await(rows.closeLater());
        clock.advance(Duration.ofHours(2));

        RocksDbRows longer = open(Duration.ofHours(3));
        assertThat(await(longer.collectMarkers())).isZero();
        clock.advance(Duration.ofHours(2));
        assertThat(await(longer.collectMarkers())).isEqualTo(1);
        await(longer.closeLater());
    }

    private static void bump(RocksDbRows rows, ObjectId id, RowChange change) {
        RowHead head = await(rows.read(id, RowProjection.HEAD)).head();
        await(rows.bump(id, head, change));
    }

    private RocksDbRows open(Duration retention) {
        return RocksDbRows.builder(root, clock)
                .fsync(false)
                .markerRetention(retention)
                .build();
    }
}
