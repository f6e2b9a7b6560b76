// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Set;

/** A right provider, to be made wrong in one method. Its backend is the reference's rows. */
class ProviderUnderTest implements BackendProvider {

    static final Option<String> DIRECTORY = text("directory");
    static final Option<Integer> WRITERS = Option.integer("writers", 4, 1, "How many.");
    static final Option<String> KEY = new Option<>("secret-key", "Who may enter.", text -> text, "nobody", true);

    /** One that must be given and has any text as its value. */
    static Option<String> text(String name) {
        return new Option<>(name, "Where.", text -> text, null, false);
    }

    @Override
    public String name() {
        return "under-test";
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.HIGH_VOLUME);
    }

    @Override
    public ConfigSchema options() {
        return ConfigSchema.of(DIRECTORY, WRITERS, KEY);
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.path(DIRECTORY.name());
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        return role.type().cast(rows(runtime));
    }

    Backend rows(TerraceRuntime runtime) {
        String name = name();
        return new ForwardingRows(runtime) {
            @Override
            public String name() {
                return name;
            }
        };
    }

    /**
     * What is on the class path of these tests, in {@code META-INF/services}: the kit finds a provider by its name, so the wrong
     * one must be found there.
     */
    public static final class Listed implements BackendProvider {
        private static volatile BackendProvider now = new ProviderUnderTest();

        /** From now on each of these does as that one does. */
        static void is(BackendProvider provider) {
            now = provider;
        }

        @Override
        public String name() {
            return now.name();
        }

        @Override
        public Set<BackendRole<?>> roles() {
            return now.roles();
        }

        @Override
        public ConfigSchema options() {
            return now.options();
        }

        @Override
        public UrlForm urlForm() {
            return now.urlForm();
        }

        @Override
        public String prepare(BackendRole<?> role, BackendConfig config, TerraceRuntime runtime) {
            return now.prepare(role, config, runtime);
        }

        @Override
        public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
            return now.open(role, config, runtime);
        }
    }
}
