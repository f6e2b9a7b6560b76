// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static com.google.cloud.bigtable.admin.v2.models.GCRules.GCRULES;

import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminClient;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminSettings;
import com.google.cloud.bigtable.admin.v2.models.ColumnFamily;
import com.google.cloud.bigtable.admin.v2.models.CreateTableRequest;
import com.google.cloud.bigtable.admin.v2.models.GCRules.DefaultRule;
import com.google.cloud.bigtable.admin.v2.models.GCRules.DurationRule;
import com.google.cloud.bigtable.admin.v2.models.GCRules.GCRule;
import com.google.cloud.bigtable.admin.v2.models.ModifyColumnFamiliesRequest;
import com.google.cloud.bigtable.admin.v2.models.Table;
import io.terrace.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the table. A family that is missing is added; a policy of collection that would lose objects is refused, not changed. */
final class TableSetup {

    private static final GCRule AFTER_ITS_TIME = GCRULES.maxAge(1, TimeUnit.SECONDS);

    private final BigtableTableAdminClient admin;
    private final String table;
    private final String where;

    private TableSetup(BigtableTableAdminClient admin, String table, String where) {
        this.admin = admin;
        this.table = table;
        this.where = where;
    }

    /** Does so, and says what it did. Blocks. */
    static String run(BigtableRows.Builder from) {
        BigtableOptions.Endpoint endpoint = from.endpoint;
        BigtableTableAdminSettings.Builder settings = endpoint == null
                ? BigtableTableAdminSettings.newBuilder()
                : BigtableTableAdminSettings.newBuilderForEmulator(endpoint.host(), endpoint.port());
        settings.setProjectId(String.valueOf(from.project)).setInstanceId(String.valueOf(from.instance));
        String where = from.describe();
        try (BigtableTableAdminClient admin = BigtableTableAdminClient.create(settings.build())) {
            return new TableSetup(admin, String.valueOf(from.table), where).prepare();
        } catch (IOException e) {
            throw Connection.noClient(where, e);
        } catch (ConfigurationException unfit) {
            throw unfit;
        } catch (RuntimeException e) {
            throw BigtableErrors.ofSetup(where, e);
        }
    }

    private String prepare() {
        try {
            admin.createTable(CreateTableRequest.of(table)
                    .addFamily(Cells.EXPIRING, AFTER_ITS_TIME)
                    .addFamily(Cells.LASTING));
            return "The table " + where + " was made.";
        } catch (AlreadyExistsException present) {
            return check(admin.getTable(table));
        }
    }

    private String check(Table present) {
        Map<String, GCRule> rules = present.getColumnFamilies().stream()
                .collect(Collectors.toMap(ColumnFamily::getId, ColumnFamily::getGCRule, (a, b) -> a, TreeMap::new));
        refuse(rules, Cells.LASTING, rule -> rule instanceof DefaultRule, "never");
        refuse(rules, Cells.EXPIRING, rule -> rule instanceof DurationRule, "maxage=1s");
        List<String> missing = new ArrayList<>(List.of(Cells.EXPIRING, Cells.LASTING));
        missing.removeAll(rules.keySet());
        if (missing.isEmpty()) {
            return "The table " + where + " is there and has all that is needed.";
        }
        ModifyColumnFamiliesRequest request = ModifyColumnFamiliesRequest.of(table);
        if (missing.contains(Cells.EXPIRING)) {
            request.addFamily(Cells.EXPIRING, AFTER_ITS_TIME);
        }
        if (missing.contains(Cells.LASTING)) {
            request.addFamily(Cells.LASTING);
        }
        admin.modifyFamilies(request);
        return "The table " + where + " was there; added to it: " + String.join(", ", missing) + ".";
    }

    private void refuse(Map<String, GCRule> rules, String family, Function<GCRule, Boolean> fits, String policy) {
        GCRule rule = rules.get(family);
        if (rule != null && !fits.apply(rule)) {
            throw new ConfigurationException("The family '" + family + "' of the table " + where
                    + " has another policy of garbage collection than it must have, so objects would be lost or never"
                    + " removed. Set it with: cbt setgcpolicy " + table + " " + family + " " + policy);
        }
    }
}
