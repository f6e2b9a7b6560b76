// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Set;

/** Offers {@link GcsBlobs} under the name {@code gcs}. */
public final class GcsProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public GcsProvider() {}

    @Override
    public String name() {
        return GcsErrors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.LONG_TERM);
    }

    @Override
    public ConfigSchema options() {
        return GcsOptions.SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.authority(GcsOptions.BUCKET.name()).rest(GcsOptions.PREFIX.name());
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        if (!role.equals(BackendRole.LONG_TERM)) {
            throw new ConfigurationException("Google Cloud Storage cannot be a " + role + " tier.");
        }
        GcsBlobs.Builder blobs = GcsBlobs.builder(runtime)
                .bucket(config.get(GcsOptions.BUCKET))
                .prefix(config.get(GcsOptions.PREFIX))
                .project(config.get(GcsOptions.PROJECT))
                .endpoint(config.get(GcsOptions.ENDPOINT))
                .chunkSize(config.get(GcsOptions.CHUNK_SIZE))
                .maxPartSize(config.get(GcsOptions.MAX_PART_SIZE))
                .threads(config.get(GcsOptions.THREADS))
                .queue(config.get(GcsOptions.QUEUE))
                .connectTimeout(config.get(GcsOptions.CONNECT_TIMEOUT))
                .readTimeout(config.get(GcsOptions.READ_TIMEOUT))
                .callTimeout(config.get(GcsOptions.CALL_TIMEOUT));
        config.get(GcsOptions.CREDENTIALS_FILE).ifPresent(blobs::credentialsFile);
        return role.type().cast(blobs.build());
    }
}
