// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Optional;
import java.util.Set;

/** Offers {@link S3Blobs} under the name {@code s3}. */
public final class S3Provider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public S3Provider() {}

    @Override
    public String name() {
        return S3Errors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.LONG_TERM);
    }

    @Override
    public ConfigSchema options() {
        return S3Options.SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.authority(S3Options.BUCKET.name()).rest(S3Options.PREFIX.name());
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        if (!role.equals(BackendRole.LONG_TERM)) {
            throw new ConfigurationException("S3 cannot be a " + role + " tier.");
        }
        S3Blobs.Builder builder = S3Blobs.builder(runtime)
                .bucket(config.get(S3Options.BUCKET))
                .prefix(config.get(S3Options.PREFIX))
                .pathStyle(config.get(S3Options.PATH_STYLE))
                .partBytes(config.get(S3Options.PART_SIZE))
                .partsAtATime(config.get(S3Options.PARTS_AT_A_TIME))
                .uploadMemory(config.get(S3Options.UPLOAD_MEMORY))
                .connections(config.get(S3Options.CONNECTIONS))
                .connectTimeout(config.get(S3Options.CONNECT_TIMEOUT))
                .requestTimeout(config.get(S3Options.REQUEST_TIMEOUT))
                .uploadTimeout(config.get(S3Options.UPLOAD_TIMEOUT))
                .idleTimeout(config.get(S3Options.IDLE_TIMEOUT));
        config.get(S3Options.REGION).ifPresent(builder::region);
        config.get(S3Options.ENDPOINT).ifPresent(builder::endpoint);
        config.get(S3Options.COMPATIBILITY).ifPresent(builder::compatibility);
        Optional<String> id = config.get(S3Options.ACCESS_KEY_ID);
        Optional<String> secret = config.get(S3Options.SECRET_ACCESS_KEY);
        if (id.isPresent() != secret.isPresent()) {
            throw new ConfigurationException("Options '" + S3Options.ACCESS_KEY_ID + "' and '"
                    + S3Options.SECRET_ACCESS_KEY + "' go together: give both, or neither and let the SDK find them.");
        }
        id.ifPresent(known -> builder.accessKey(known, secret.orElseThrow()));
        return role.type().cast(builder.build());
    }
}
