// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.api.gax.grpc.ChannelPoolSettings;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.BigtableDataSettings;
import com.google.cloud.bigtable.data.v2.stub.metrics.NoopMetricsProvider;
import io.grpc.ClientInterceptor;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Google's client as it is used here. */
final class Connection {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private Connection() {}

    /** Opens one. Blocks. */
    static BigtableDataClient open(BigtableRows.Builder from, List<ClientInterceptor> interceptors) {
        BigtableDataSettings.Builder settings = from.endpoint == null
                ? BigtableDataSettings.newBuilder()
                : BigtableDataSettings.newBuilderForEmulator(from.endpoint.host(), from.endpoint.port());
        settings.setProjectId(from.project).setInstanceId(from.instance).setAppProfileId(from.appProfile);
        if (!from.clientMetrics) {
            settings.setMetricsProvider(NoopMetricsProvider.INSTANCE).disableInternalMetrics();
        }
        Duration look = from.callTimeout.dividedBy(4);
        settings.stubSettings()
                .setStreamWatchdogCheckIntervalDuration(look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK);
        if (settings.stubSettings().getTransportChannelProvider() instanceof InstantiatingGrpcChannelProvider grpc) {
            InstantiatingGrpcChannelProvider.Builder channels = grpc.toBuilder()
                    // A pool of settings that are not set is one connection, whatever the load.
                    .setChannelPoolSettings(ChannelPoolSettings.staticallySized(from.channels));
            if (!interceptors.isEmpty()) {
                channels.setInterceptorProvider(() -> interceptors);
            }
            settings.stubSettings().setTransportChannelProvider(channels.build());
        }
        try {
            return BigtableDataClient.create(settings.build());
        } catch (IOException | RuntimeException e) {
            throw noClient(from.describe(), e);
        }
    }

    static ConfigurationException noClient(String where, Exception cause) {
        return new ConfigurationException(
                "The Bigtable client for " + where + " cannot be made: " + cause.getMessage()
                        + ". Log in with `gcloud auth application-default login`, or name the key file of a service"
                        + " account in GOOGLE_APPLICATION_CREDENTIALS; or give the 'endpoint' of an emulator.",
                cause);
    }

    /** Waits for what was asked first when the rows were opened. */
    static void await(Mono<?> probe, BigtableRows.Builder from) {
        try {
            probe.toFuture().get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BackendUnavailableException(
                    BigtableErrors.BACKEND,
                    "Opening " + from.describe() + " was interrupted.",
                    Determinacy.NOT_APPLIED,
                    stopped);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw BigtableErrors.ofProbe(from.describe(), failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** Closes the client, which may block, on a thread of its own. */
    static Mono<Void> close(BigtableDataClient client) {
        Sinks.Empty<Void> closed = Sinks.empty();
        return closed.asMono().doOnSubscribe(subscription -> {
            Thread thread = new Thread(
                    () -> {
                        try {
                            client.close();
                        } finally {
                            closed.tryEmitEmpty();
                        }
                    },
                    "terrace-bigtable-close");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
