// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Set;

/** The backend {@code inmemory}. Each one that is opened is empty and shares nothing with any other. */
public final class InMemoryProvider implements BackendProvider {

    /** For the {@link java.util.ServiceLoader}. */
    public InMemoryProvider() {}

    @Override
    public String name() {
        return Held.NAME;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return BackendRole.all();
    }

    @Override
    public ConfigSchema options() {
        return InMemoryOptions.SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.label();
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        return role.type().cast(open(config, runtime, role));
    }

    private static Backend open(BackendConfig config, TerraceRuntime runtime, BackendRole<?> role) {
        long capacity = config.get(InMemoryOptions.CAPACITY_BYTES);
        if (role.equals(BackendRole.HIGH_VOLUME)) {
            return InMemoryRows.builder(runtime)
                    .markerRetention(config.get(InMemoryOptions.MARKER_RETENTION))
                    .maxPayloadBytes(config.get(InMemoryOptions.MAX_PAYLOAD_BYTES))
                    .capacityBytes(capacity)
                    .build();
        }
        if (role.equals(BackendRole.LONG_TERM)) {
            int minPartBytes = config.get(InMemoryOptions.MIN_PART_BYTES);
            if (minPartBytes > capacity) {
                throw new ConfigurationException(
                        "No part of an upload could be stored: min-part-bytes is " + minPartBytes
                                + " and capacity-bytes only " + capacity + ". Lower the first or raise the second.");
            }
            return InMemoryBlobs.builder(runtime)
                    .capacityBytes(capacity)
                    .minPartBytes(minPartBytes)
                    .build();
        }
        if (role.equals(BackendRole.CHANGE_LOG)) {
            return InMemoryChangeLog.create(config.get(InMemoryOptions.MAX_ENTRIES));
        }
        throw new ConfigurationException("The in-memory backend cannot be a " + role + " tier.");
    }
}
