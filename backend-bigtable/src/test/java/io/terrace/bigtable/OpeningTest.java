// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigtable.admin.v2.models.CreateTableRequest;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.BigtableDataSettings;
import com.google.cloud.bigtable.data.v2.models.Query;
import com.google.cloud.bigtable.data.v2.models.TableId;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.TransientException;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What is looked at before anything is sent, and when the rows are opened. */
class OpeningTest {

    private static final TerraceRuntime RUNTIME = TerraceRuntime.system();

    private final BigtableServer server = BigtableServer.shared();

    @Test
    void aMissingTableIsAProblemOfTheConfigurationThatSaysWhatToDo() {
        String table = server.newName();

        assertThatThrownBy(() -> server.rows(table, RUNTIME).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("projects/terrace-test/instances/test/tables/" + table)
                .hasMessageContaining("The table must exist, with the families 'fg' and 'fm'")
                .hasMessageContaining("single-row transactions");
    }

    @Test
    void soIsAMissingFamily() {
        for (String family : new String[] {"fg", "fm"}) {
            String table = server.newName();
            server.admin().createTable(CreateTableRequest.of(table).addFamily(family));

            assertThatThrownBy(() -> server.rows(table, RUNTIME).build())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("The table must exist, with the families 'fg' and 'fm'");
        }
    }

    @Test
    void openingLeavesNothingInTheTable() {
        String table = server.newTable();
        server.rows(table, RUNTIME).build().closeLater().block();

        assertThat(server.client().readRows(Query.create(TableId.of(table)))).isEmpty();
    }

    @Test
    void soIsAMissingSetting() {
        assertThatThrownBy(() -> BigtableRows.builder(RUNTIME).table("t").build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("need a project, an instance and a table");
    }

    @Test
    void aServerThatCannotBeReachedIsATransientErrorInTime() {
        assertThatThrownBy(() -> server.rows("t", RUNTIME)
                        .endpoint("localhost", 1)
                        .callTimeout(Duration.ofSeconds(1))
                        .build())
                .isInstanceOfSatisfying(TransientException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("localhost:1");
    }

    @Test
    void anEndpointThatIsNoneIsRefusedByItsName() {
        for (String wrong :
                new String[] {"localhost", "localhost:", ":8086", "localhost:0", "localhost:65536", "a:b"}) {
            Map<String, String> options = Map.of("project", "p", "instance", "i", "table", "t", "endpoint", wrong);
            assertThatThrownBy(() -> Backends.open(BackendRole.HIGH_VOLUME, "bigtable", options, RUNTIME))
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("'endpoint'")
                    .hasMessageContaining("localhost:8086");
        }
    }

    @Test
    void thereAreAsManyConnectionsAsConfigured() {
        try (FaultyTcpProxy proxy = FaultyTcpProxy.to(server.address())) {
            BigtableRows rows = server.rows(server.newTable(), RUNTIME)
                    .endpoint("localhost", proxy.address().getPort())
                    .channels(3)
                    .build();
            Flux.range(0, 30).flatMap(i -> rows.check(), 30).blockLast();

            assertThat(proxy.accepted()).isEqualTo(3);
            rows.closeLater().block();
        }
    }

    @Test
    void aClientOfTheApplicationStaysOpen() throws IOException {
        BigtableDataSettings settings = BigtableDataSettings.newBuilderForEmulator(
                        server.address().getHostString(), server.address().getPort())
                .setProjectId(BigtableServer.PROJECT)
                .setInstanceId(BigtableServer.INSTANCE)
                .build();
        String table = server.newTable();
        try (BigtableDataClient client = BigtableDataClient.create(settings)) {
            BigtableRows first =
                    BigtableRows.builder(RUNTIME).client(client).table(table).build();
            first.closeLater().block();
            assertThatThrownBy(
                            () -> first.read(Sample.id("a"), RowProjection.HEAD).block())
                    .isInstanceOf(BackendUnavailableException.class);

            BigtableRows second =
                    BigtableRows.builder(RUNTIME).client(client).table(table).build();
            assertThat(Objects.requireNonNull(second.check().block()).healthy()).isTrue();
        }
    }

    @Test
    void whatIsTooLargeIsNotSent() {
        Sample sample = new Sample(server.newTable(), builder -> builder.maxPayloadBytes(100));
        ObjectId id = Sample.id("large");
        assertThat(sample.cas(id, RowVersion.ABSENT, Sample.inline(100))).isNotNull();
        RowHead before = sample.head(id);
        sample.wire().requests();

        assertThatThrownBy(() -> sample.put(id, 101))
                .isInstanceOfSatisfying(TooLargeException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("101 bytes")
                .hasMessageContaining("raise max-payload");
        assertThatThrownBy(() -> sample.cas(id, before.version(), Sample.inline(101)))
                .isInstanceOf(TooLargeException.class);
        assertThat(sample.wire().requests()).isEmpty();
        assertThat(sample.head(id)).isEqualTo(before);
        sample.close();
    }

    @Test
    void aRowKeyHasAtMost4096Bytes() {
        assertThat(Writes.key("k".repeat(4096)).size()).isEqualTo(4096);
        assertThatThrownBy(() -> Writes.key("k".repeat(4097)))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("4097 bytes");
        // It is the bytes that count.
        assertThatThrownBy(() -> Writes.key("\u00fc".repeat(2049))).isInstanceOf(TooLargeException.class);
    }
}
