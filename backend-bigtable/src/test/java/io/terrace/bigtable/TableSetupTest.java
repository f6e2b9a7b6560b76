// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static com.google.cloud.bigtable.admin.v2.models.GCRules.GCRULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigtable.admin.v2.models.ColumnFamily;
import com.google.cloud.bigtable.admin.v2.models.CreateTableRequest;
import io.terrace.ConfigurationException;
import io.terrace.ObjectId;
import io.terrace.config.BackendConfig;
import io.terrace.spi.BackendRole;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableSetupTest {

    private final BigtableServer server = BigtableServer.shared();
    private final String table = server.newName();

    @Test
    void aTableIsMadeAsTheRowsNeedIt() {
        assertThat(prepare(table))
                .endsWith(
                        "/tables/" + table + " (application profile default, at " + server.endpoint() + ") was made.");

        assertThat(server.admin().getTable(table).getColumnFamilies())
                .extracting(ColumnFamily::getId)
                .containsExactlyInAnyOrder("fg", "fm");
        Sample sample = new Sample(table, builder -> builder);
        ObjectId id = Sample.id("a");
        sample.cas(id, RowVersion.ABSENT, Sample.inline(3));
        assertThat(prepare(table)).endsWith(" is there and has all that is needed.");
        assertThat(sample.text(id)).hasSize(3);
        sample.close();
    }

    @Test
    void aFamilyThatIsMissingIsAdded() {
        server.admin().createTable(CreateTableRequest.of(table).addFamily("other"));

        assertThat(prepare(table)).endsWith(" was there; added to it: fg, fm.");
        assertThat(prepare(table)).endsWith(" is there and has all that is needed.");
        assertThat(server.admin().getTable(table).getColumnFamilies())
                .extracting(ColumnFamily::getId)
                .containsExactlyInAnyOrder("fg", "fm", "other");
    }

    @Test
    void aPolicyThatWouldLoseObjectsIsRefusedAndStays() {
        server.admin().createTable(CreateTableRequest.of(table).addFamily("fm", GCRULES.maxVersions(1)));

        assertThatThrownBy(() -> prepare(table))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("The family 'fm'")
                .hasMessageContaining("cbt setgcpolicy " + table + " fm never");
        assertThat(server.admin().getTable(table).getColumnFamilies()).hasSize(1);
    }

    @Test
    void oneThatWouldKeepWhatIsExpiredTooAndNothingIsAdded() {
        server.admin().createTable(CreateTableRequest.of(table).addFamily("fg"));

        assertThatThrownBy(() -> prepare(table))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cbt setgcpolicy " + table + " fg maxage=1s");
        assertThat(server.admin().getTable(table).getColumnFamilies()).hasSize(1);
    }

    private String prepare(String name) {
        BigtableProvider provider = new BigtableProvider();
        Map<String, String> options = Map.of(
                "project",
                BigtableServer.PROJECT,
                "instance",
                BigtableServer.INSTANCE,
                "table",
                name,
                "endpoint",
                server.endpoint());
        return provider.prepare(
                BackendRole.HIGH_VOLUME,
                BackendConfig.of("the test", provider.options(), options),
                TerraceRuntime.system());
    }
}
