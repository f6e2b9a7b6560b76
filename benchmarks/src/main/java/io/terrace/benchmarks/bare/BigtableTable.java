// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.ChannelPoolSettings;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminClient;
import com.google.cloud.bigtable.admin.v2.BigtableTableAdminSettings;
import com.google.cloud.bigtable.admin.v2.models.CreateTableRequest;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.BigtableDataSettings;
import com.google.cloud.bigtable.data.v2.stub.metrics.NoopMetricsProvider;
import com.google.cloud.bigtable.emulator.v2.Emulator;
import io.grpc.ClientInterceptor;
import java.util.List;

/** A table on Google's emulator, which is a process of its own. */
final class BigtableTable implements AutoCloseable {

    static final String PROJECT = "bench";
    static final String INSTANCE = "bench";

    private static final String NAME = "rows";
    private static final int CHANNELS = 4;

    private final Emulator emulator;

    BigtableTable() throws Exception {
        emulator = Emulator.createBundled();
        emulator.start();
        try (BigtableTableAdminClient admin =
                BigtableTableAdminClient.create(BigtableTableAdminSettings.newBuilderForEmulator(port())
                        .setProjectId(PROJECT)
                        .setInstanceId(INSTANCE)
                        .setCredentialsProvider(NoCredentialsProvider.create())
                        .build())) {
            admin.createTable(CreateTableRequest.of(NAME).addFamily("fg").addFamily("fm"));
        }
    }

    int port() {
        return emulator.getPort();
    }

    String name() {
        return NAME;
    }

    /** The client with its best settings: as many connections as Terrace has, and nothing that measures it. */
    BigtableDataClient client(ClientInterceptor... interceptors) throws Exception {
        BigtableDataSettings.Builder settings = BigtableDataSettings.newBuilderForEmulator(port())
                .setProjectId(PROJECT)
                .setInstanceId(INSTANCE)
                .setMetricsProvider(NoopMetricsProvider.INSTANCE);
        settings.disableInternalMetrics();
        InstantiatingGrpcChannelProvider grpc =
                (InstantiatingGrpcChannelProvider) settings.stubSettings().getTransportChannelProvider();
        settings.stubSettings()
                .setTransportChannelProvider(grpc.toBuilder()
                        .setChannelPoolSettings(ChannelPoolSettings.staticallySized(CHANNELS))
                        .setInterceptorProvider(() -> List.of(interceptors))
                        .build());
        return BigtableDataClient.create(settings.build());
    }

    @Override
    public void close() {
        emulator.stop();
    }
}
