// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Set;

/** Offers {@link BigtableRows} under the name {@code bigtable}. */
public final class BigtableProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public BigtableProvider() {}

    @Override
    public String name() {
        return BigtableErrors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.HIGH_VOLUME);
    }

    @Override
    public ConfigSchema options() {
        return BigtableOptions.SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.authority(BigtableOptions.PROJECT.name())
                .segments(BigtableOptions.INSTANCE.name(), BigtableOptions.TABLE.name());
    }

    @Override
    public String prepare(BackendRole<?> role, BackendConfig config, TerraceRuntime runtime) {
        return TableSetup.run(builder(config, runtime));
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        if (!role.equals(BackendRole.HIGH_VOLUME)) {
            throw new ConfigurationException("Bigtable cannot be a " + role + " tier.");
        }
        return role.type().cast(builder(config, runtime).build());
    }

    private static BigtableRows.Builder builder(BackendConfig config, TerraceRuntime runtime) {
        BigtableRows.Builder builder = BigtableRows.builder(runtime)
                .project(config.get(BigtableOptions.PROJECT))
                .instance(config.get(BigtableOptions.INSTANCE))
                .table(config.get(BigtableOptions.TABLE))
                .appProfile(config.get(BigtableOptions.APP_PROFILE))
                .channels(config.get(BigtableOptions.CHANNELS))
                .callTimeout(config.get(BigtableOptions.CALL_TIMEOUT))
                .markerRetention(config.get(BigtableOptions.MARKER_RETENTION))
                .maxPayloadBytes(config.get(BigtableOptions.MAX_PAYLOAD))
                .legacy(config.get(BigtableOptions.LEGACY))
                .clientMetrics(config.get(BigtableOptions.CLIENT_METRICS));
        config.get(BigtableOptions.ENDPOINT).ifPresent(endpoint -> builder.endpoint(endpoint.host(), endpoint.port()));
        return builder;
    }
}
