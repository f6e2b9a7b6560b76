// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.localfs.LocalFs;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.RowListing;
import io.terrace.spi.ScanScope;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadSessionListing;
import io.terrace.spi.WriteId;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.scheduler.Scheduler;

/** A directory that a dead process left behind, opened again, by a clock that can be put forward. */
final class LeftBehind implements AutoCloseable {

    private static final Duration WINDOW = Duration.ofHours(24);

    private final Forward clock = new Forward();
    private final HighVolumeBackend rows;
    private final LongTermBackend blobs;
    private final ChangeLog log;
    final TieredObjectStore store;

    LeftBehind(Path directory) {
        LocalFs files = LocalFs.at(directory, clock);
        rows = files.rows();
        blobs = files.blobs();
        log = files.changeLog();
        store = TieredObjectStore.builder()
                .highVolume(rows)
                .longTerm(blobs)
                .changeLog(log)
                .runtime(clock)
                .build();
        store.recover().block();
        store.sweep().block();
    }

    /** One window gives up the uploads that were left, and the next forgets them. Then there are only rows and their blobs. */
    void assertNothingElseIsThere(String what) {
        for (int pass = 0; pass < 2; pass++) {
            clock.forwardMicros.addAndGet(WINDOW.plusMinutes(1).toNanos() / 1000);
            store.recover().block();
            store.sweep().block();
        }
        assertThat(log.scan(ScanScope.ALL).collectList().block())
                .as("%s: entries", what)
                .isEmpty();
        assertThat(log.uploads()
                        .scan(ScanScope.ALL, Long.MAX_VALUE)
                        .collectList()
                        .block())
                .as("%s: records", what)
                .isEmpty();
        assertThat(blobs.facet(UploadSessionListing.class)
                        .orElseThrow()
                        .sessions("")
                        .collectList()
                        .block())
                .as("%s: sessions", what)
                .isEmpty();
        List<BlobId> targets = rows.facet(RowListing.class)
                .orElseThrow()
                .scan("", "")
                .mapNotNull(row -> row.head().target())
                .collectList()
                .block();
        assertThat(blobs.facet(BlobListing.class)
                        .orElseThrow()
                        .list("")
                        .collectList()
                        .block())
                .as("%s: blobs", what)
                .containsExactlyInAnyOrderElementsOf(Objects.requireNonNull(targets));
        assertThat(store.inspect(InspectionDepth.CONTENT).collectList().block())
                .as("%s: findings", what)
                .isEmpty();
    }

    @Override
    public void close() {
        store.closeLater(Duration.ofSeconds(10)).block();
        rows.closeLater().block();
        blobs.closeLater().block();
        log.closeLater().block();
    }

    private static final class Forward implements TerraceRuntime {

        private final TerraceRuntime system = TerraceRuntime.system();
        private final AtomicLong forwardMicros = new AtomicLong();

        @Override
        public long nowMicros() {
            return system.nowMicros() + forwardMicros.get();
        }

        @Override
        public long monotonicNanos() {
            return system.monotonicNanos();
        }

        @Override
        public Scheduler timers() {
            return system.timers();
        }

        @Override
        public WriteId newWriteId() {
            return system.newWriteId();
        }

        @Override
        public UUID newUuid() {
            return system.newUuid();
        }

        @Override
        public long randomLong() {
            return system.randomLong();
        }

        @Override
        public long secretLong() {
            return system.secretLong();
        }
    }
}
