// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryProviderTest {

    private final TerraceRuntime runtime = TerraceRuntime.system();

    @Test
    void allThreeRolesAreOpenedByName() {
        assertThat(Backends.open(BackendRole.HIGH_VOLUME, "inmemory", Map.of(), runtime))
                .isInstanceOf(InMemoryRows.class);
        assertThat(Backends.open(BackendRole.LONG_TERM, "inmemory", Map.of(), runtime))
                .isInstanceOf(InMemoryBlobs.class);
        assertThat(Backends.open(BackendRole.CHANGE_LOG, "inmemory", Map.of(), runtime))
                .isInstanceOf(InMemoryChangeLog.class);
    }

    @Test
    void theOptionsReachTheBackend() {
        HighVolumeBackend rows =
                Backends.open(BackendRole.HIGH_VOLUME, "inmemory", Map.of("marker-retention", "3h"), runtime);

        assertThat(rows.facet(MarkerCollection.class).orElseThrow().retention()).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void unusableOptionsAreReportedAllAtOnce() {
        Map<String, String> options = Map.of("capacity-bytes", "0", "max-entries", "many", "marker-retentoin", "1h");

        assertThatThrownBy(() -> Backends.open(BackendRole.CHANGE_LOG, "inmemory", options, runtime))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("at least one byte")
                .hasMessageContaining("whole number")
                .hasMessageContaining("did you mean 'marker-retention'");
    }
}
