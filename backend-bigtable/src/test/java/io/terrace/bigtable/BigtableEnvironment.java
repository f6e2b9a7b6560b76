// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of its own. The clock begins today: the store has one too, and collects by it what is due by both. A process that
 * died leaves its table, so the next one has another client.
 */
final class BigtableEnvironment implements BackendEnvironment<HighVolumeBackend> {

    private final BigtableServer server = BigtableServer.shared();
    private final String table = server.newTable();
    private final ManualRuntime clock = new ManualRuntime(1, Instant.now());
    private final List<HighVolumeBackend> abandoned = new ArrayList<>();

    @Override
    public HighVolumeBackend create() {
        return server.rows(table, clock).build();
    }

    @Override
    public HighVolumeBackend share(HighVolumeBackend backend) {
        return create();
    }

    @Override
    public HighVolumeBackend reopen(HighVolumeBackend backend) {
        abandoned.add(backend);
        return create();
    }

    @Override
    public void cleanup(HighVolumeBackend backend) {
        BackendEnvironment.super.cleanup(backend);
        abandoned.forEach(BackendEnvironment.super::cleanup);
        abandoned.clear();
    }

    @Override
    public Optional<ManualRuntime> clock() {
        return Optional.of(clock);
    }
}
