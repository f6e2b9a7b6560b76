// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.WiredEnvironment;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A table of its own, reached through what breaks. Each call of a hundred milliseconds may be made three times. */
final class BigtableWiredEnvironment implements WiredEnvironment<HighVolumeBackend> {

    private final BigtableServer server = BigtableServer.shared();
    private final String table = server.newTable();

    @Override
    public HighVolumeBackend create() {
        return server.rows(table, TerraceRuntime.system()).build();
    }

    @Override
    public InetSocketAddress server() {
        return server.address();
    }

    @Override
    public HighVolumeBackend through(InetSocketAddress address) {
        return server.rows(table, TerraceRuntime.system())
                .endpoint(address.getHostString(), address.getPort())
                .callTimeout(Duration.ofSeconds(1))
                .build();
    }

    @Override
    public int connections() {
        return 1;
    }
}
