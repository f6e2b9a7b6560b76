// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ConfigurationException;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.TieredObjectStoreBuilder;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A store of whatever tiers and settings a file says. */
record ConfiguredStore(TieredObjectStore objects) implements OpenedStore {

    private static final Duration GRACE = Duration.ofSeconds(10);

    /** @param recover {@code false} to leave what a dead process left behind as it is, whatever the file says */
    static ConfiguredStore open(Path file, boolean recover) {
        try {
            TieredObjectStoreBuilder builder =
                    TieredObjectStore.builder().configure(StoreFile.read(file, System::getenv));
            return new ConfiguredStore((recover ? builder : builder.recoverOnOpen(false)).build());
        } catch (ConfigurationException wrong) {
            throw Failure.usage("'" + file + "': " + wrong.getMessage());
        }
    }

    @Override
    public void close() {
        objects.closeLater(GRACE).onErrorResume(error -> Mono.empty()).block();
    }
}
