// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ConfigurationException;
import io.terrace.Health;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendRole;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Faults in what a provider says about itself, and in what it opens. */
final class ProviderMutants {

    static final ProviderMutant RIGHT = ProviderMutant.of("nothing", ProviderUnderTest::new);

    /** What has no proper name has no URL (PV-3.6), and what is not found by its name cannot be opened. */
    static final List<ProviderMutant> ALL = List.of(
            ProviderMutant.of("a name for people", () -> named(() -> "Under Test"), "PV-1.1", "PV-3.6"),
            ProviderMutant.of(
                    "another name each time",
                    () -> named(new Supplier<>() {
                        private int asked;

                        @Override
                        public String get() {
                            return "under-test-" + ++asked;
                        }
                    }),
                    "PV-1.1",
                    "PV-1.2",
                    "PV-2.2",
                    "PV-3.3",
                    "PV-3.5"),
            ProviderMutant.of(
                    "the name of another one", () -> named(() -> "inmemory"), "PV-1.2", "PV-2.2", "PV-3.3", "PV-3.5"),
            ProviderMutant.of("plays no role", () -> playing(Set.of()), "PV-2.1"),
            ProviderMutant.of(
                    "plays a role that no store has",
                    () -> playing(Set.of(new BackendRole<>(HighVolumeBackend.class, "cache"))),
                    "PV-2.1"),
            ProviderMutant.of(
                    "its backend has another name",
                    () -> new ProviderUnderTest() {
                        @Override
                        Backend rows(TerraceRuntime runtime) {
                            return new ForwardingRows(runtime);
                        }
                    },
                    "PV-2.2"),
            ProviderMutant.of(
                    "its backend is down",
                    () -> new ProviderUnderTest() {
                        @Override
                        Backend rows(TerraceRuntime runtime) {
                            return new ForwardingRows(runtime) {
                                @Override
                                public String name() {
                                    return "under-test";
                                }

                                @Override
                                public Mono<Health> check() {
                                    return Mono.just(Health.down("unknown"));
                                }
                            };
                        }
                    },
                    "PV-2.2"),
            ProviderMutant.of("prepares and says nothing", () -> preparing(() -> ""), "PV-2.3"),
            ProviderMutant.of(
                    "prepares only once",
                    () -> preparing(new Supplier<>() {
                        private boolean done;

                        @Override
                        public String get() {
                            if (done) {
                                throw new ConfigurationException("it is there already");
                            }
                            done = true;
                            return "It was made.";
                        }
                    }),
                    "PV-2.3"),
            ProviderMutant.of(
                    "an option in camel case",
                    () -> having(Option.integer("maxWriters", 4, 1, "How many at most.")),
                    "PV-3.1"),
            ProviderMutant.of("an option that is not explained", () -> having(Option.flag("fast", true, "")), "PV-3.1"),
            ProviderMutant.of(
                    "a default that its own option refuses",
                    () -> having(Option.integer("readers", 0, 1, "How many.")),
                    "PV-2.2",
                    "PV-2.3",
                    "PV-3.2"),
            ProviderMutant.of("an option is missed from the second look on", LooksTwice::new, "PV-3.3"),
            ProviderMutant.of(
                    "a password that anybody may see",
                    () -> having(Option.text("password", "", "Who may enter.")),
                    "PV-3.4"),
            ProviderMutant.of("a value that cannot be read is an Error", () -> having(asserting()), "PV-3.5"),
            ProviderMutant.of(
                    "a URL names an option that there is not",
                    () -> formed(UrlForm.authority("host").rest("directory")),
                    "PV-3.6"),
            ProviderMutant.of(
                    "a URL names an option twice",
                    () -> formed(UrlForm.authority("directory").segments("writers", "directory")),
                    "PV-3.6"),
            ProviderMutant.of(
                    "a URL has a place for a secret",
                    () -> formed(UrlForm.authority("secret-key").rest("directory")),
                    "PV-3.6"));

    private ProviderMutants() {}

    private static ProviderUnderTest named(Supplier<String> name) {
        return new ProviderUnderTest() {
            @Override
            public String name() {
                return name.get();
            }
        };
    }

    private static ProviderUnderTest playing(Set<BackendRole<?>> roles) {
        return new ProviderUnderTest() {
            @Override
            public Set<BackendRole<?>> roles() {
                return roles;
            }
        };
    }

    private static ProviderUnderTest preparing(Supplier<String> made) {
        return new ProviderUnderTest() {
            @Override
            public String prepare(BackendRole<?> role, BackendConfig config, TerraceRuntime runtime) {
                return made.get();
            }
        };
    }

    private static ProviderUnderTest having(Option<?> another) {
        return new ProviderUnderTest() {
            @Override
            public ConfigSchema options() {
                return ConfigSchema.of(DIRECTORY, WRITERS, another);
            }
        };
    }

    private static ProviderUnderTest formed(UrlForm form) {
        return new ProviderUnderTest() {
            @Override
            public UrlForm urlForm() {
                return form;
            }
        };
    }

    private static Option<String> asserting() {
        return new Option<>(
                "mode",
                "Which.",
                text -> {
                    if (!text.equals("plain")) {
                        throw new AssertionError("no such mode");
                    }
                    return text;
                },
                "plain",
                false);
    }

    private static final class LooksTwice extends ProviderUnderTest {
        private boolean looked;

        @Override
        public ConfigSchema options() {
            ConfigSchema options = looked
                    ? super.options()
                    : ConfigSchema.of(Option.text(DIRECTORY.name(), "here", DIRECTORY.doc()), WRITERS, KEY);
            looked = true;
            return options;
        }
    }
}
