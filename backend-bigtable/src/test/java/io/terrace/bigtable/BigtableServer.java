// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminClient;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminSettings;
import com.google.cloud.bigtable.admin.v2.models.CreateTableRequest;
import com.google.cloud.bigtable.admin.v2.models.GCRules;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.BigtableDataSettings;
import com.google.cloud.bigtable.emulator.v2.Emulator;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Google's emulator, one for each virtual machine, started when it is first needed; or what listens at the address in
 * {@code TERRACE_TEST_BIGTABLE_ENDPOINT}. Each test gets a table of its own.
 */
public final class BigtableServer {

    public static final String PROJECT = "terrace-test";
    public static final String INSTANCE = "test";

    /** Held, since a logger that nobody holds forgets its level. It tells of each new client. */
    private static final Logger CLIENT = Logger.getLogger("com.google.cloud.bigtable.data.v2.BigtableDataSettings");

    private static final BigtableServer SHARED = start();

    private final BigtableOptions.Endpoint endpoint;
    private final BigtableTableAdminClient admin;
    private final BigtableDataClient client;
    private final String run = Long.toHexString(TerraceRuntime.system().randomLong());
    private final AtomicInteger tables = new AtomicInteger();

    private BigtableServer(BigtableOptions.Endpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        this.admin = BigtableTableAdminClient.create(
                BigtableTableAdminSettings.newBuilderForEmulator(endpoint.host(), endpoint.port())
                        .setProjectId(PROJECT)
                        .setInstanceId(INSTANCE)
                        .setCredentialsProvider(NoCredentialsProvider.create())
                        .build());
        this.client =
                BigtableDataClient.create(BigtableDataSettings.newBuilderForEmulator(endpoint.host(), endpoint.port())
                        .setProjectId(PROJECT)
                        .setInstanceId(INSTANCE)
                        .build());
    }

    /** The one that is there. */
    public static BigtableServer shared() {
        return SHARED;
    }

    private static BigtableServer start() {
        CLIENT.setLevel(Level.WARNING);
        try {
            String given = System.getenv("TERRACE_TEST_BIGTABLE_ENDPOINT");
            if (given != null && !given.isEmpty()) {
                return new BigtableServer(BigtableOptions.Endpoint.parse(given));
            }
            Emulator emulator = Emulator.createBundled();
            emulator.start();
            return new BigtableServer(new BigtableOptions.Endpoint("localhost", emulator.getPort()));
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("The Bigtable emulator does not start.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where it listens, as the option says it. */
    public String endpoint() {
        return endpoint.toString();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    public BigtableTableAdminClient admin() {
        return admin;
    }

    /** For what no backend would write. */
    public BigtableDataClient client() {
        return client;
    }

    /** A table without rows, with the families that ours have. */
    public String newTable() {
        String table = newName();
        admin.createTable(CreateTableRequest.of(table)
                .addFamily(Cells.EXPIRING, GCRules.GCRULES.maxAge(1, TimeUnit.SECONDS))
                .addFamily(Cells.LASTING));
        return table;
    }

    /** The same, but nothing is ever dropped from it. */
    public String newLastingTable() {
        String table = newName();
        admin.createTable(CreateTableRequest.of(table).addFamily(Cells.EXPIRING).addFamily(Cells.LASTING));
        return table;
    }

    /** The name of a table that does not exist. */
    public String newName() {
        return "t-" + run + "-" + tables.incrementAndGet();
    }

    /** Rows in that table. */
    public BigtableRows.Builder rows(String table, TerraceRuntime runtime) {
        return BigtableRows.builder(runtime)
                .project(PROJECT)
                .instance(INSTANCE)
                .table(table)
                .endpoint(endpoint.host(), endpoint.port())
                .channels(1);
    }
}
