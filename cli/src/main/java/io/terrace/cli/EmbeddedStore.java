// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.spi.Backend;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** The embedded default: all tiers in one directory, as {@link EmbeddedLayout} says. */
final class EmbeddedStore implements OpenedStore {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Deque<Backend> opened = new ArrayDeque<>();
    private final HighVolumeBackend rows;
    private final LongTermBackend blobs;
    private final ChangeLog log;
    private final TieredObjectStore objects;

    /** How to open it. */
    static final class Opening {
        private final Path directory;
        private boolean create;
        private boolean recover = true;
        private UnaryOperator<HighVolumeBackend> around = rows -> rows;

        private Opening(Path directory) {
            this.directory = directory;
        }

        /** Makes the directory and the store if there is none. */
        Opening create() {
            return createIf(true);
        }

        Opening createIf(boolean wanted) {
            create = wanted;
            return this;
        }

        /** Leaves what a dead process left behind as it is. */
        Opening withoutRecovery() {
            recover = false;
            return this;
        }

        /** Puts something between the engine and the rows. */
        Opening around(UnaryOperator<HighVolumeBackend> decorator) {
            around = decorator;
            return this;
        }

        EmbeddedStore open() {
            return new EmbeddedStore(this, EmbeddedLayout.of(directory, create));
        }
    }

    static Opening at(Path directory) {
        return new Opening(directory);
    }

    private EmbeddedStore(Opening how, EmbeddedLayout layout) {
        try {
            rows = how.around.apply(open(BackendRole.HIGH_VOLUME, layout.rowsBackend(), layout.rows()));
            blobs = open(BackendRole.LONG_TERM, EmbeddedLayout.FILES_BACKEND, layout.files());
            log = open(BackendRole.CHANGE_LOG, EmbeddedLayout.FILES_BACKEND, layout.files());
            objects = TieredObjectStore.builder()
                    .highVolume(rows)
                    .longTerm(blobs)
                    .changeLog(log)
                    .recoverOnOpen(how.recover)
                    .build();
        } catch (RuntimeException failed) {
            closeBackends();
            throw failed;
        }
    }

    private <B extends Backend> B open(BackendRole<B> role, String name, Path directory) {
        B backend = Backends.open(role, name, Map.of("path", directory.toString()), TerraceRuntime.system());
        opened.push(backend);
        return backend;
    }

    @Override
    public TieredObjectStore objects() {
        return objects;
    }

    HighVolumeBackend rows() {
        return rows;
    }

    LongTermBackend blobs() {
        return blobs;
    }

    ChangeLog log() {
        return log;
    }

    @Override
    public void close() {
        objects.closeLater(GRACE).onErrorResume(error -> Mono.empty()).block();
        closeBackends();
    }

    private void closeBackends() {
        while (!opened.isEmpty()) {
            opened.pop().closeLater().onErrorResume(error -> Mono.empty()).block(GRACE);
        }
    }
}
