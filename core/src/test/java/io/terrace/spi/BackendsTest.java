// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendsTest {
    private static final Option<Integer> WRITERS = Option.integer("writers", 4, 1, "how many write at once");

    private final BackendProvider rows = new Fake("rows", Set.of(BackendRole.HIGH_VOLUME, BackendRole.CHANGE_LOG));
    private final BackendProvider blobs = new Fake("blobs", Set.of(BackendRole.LONG_TERM));

    @Test
    void aProviderOnTheClassPathIsFoundByName() {
        assertThat(Backends.available()).extracting(BackendProvider::name).contains("listed");
        assertThat(Backends.open(BackendRole.LONG_TERM, "listed", Map.of(), TerraceRuntime.system()))
                .isInstanceOf(LongTermBackend.class);
    }

    @Test
    void theOptionsAreCheckedAgainstTheProvidersTable() {
        LongTermBackend opened = open(List.of(rows, blobs), BackendRole.LONG_TERM, "blobs", Map.of("writers", "7"));
        assertThat(opened.name()).isEqualTo("blobs with 7 writers");
        assertThatThrownBy(() -> open(List.of(blobs), BackendRole.LONG_TERM, "blobs", Map.of("writer", "7")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The configuration of backend 'blobs' has a problem: unknown option 'writer'; "
                        + "did you mean 'writers'?. Known options: writers.");
    }

    @Test
    void aNameThatIsUnknownIsAnsweredWithWhatThereIs() {
        assertThatThrownBy(() -> open(List.of(blobs, rows), BackendRole.LONG_TERM, "s3", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("There is no backend named 's3' on the class path. "
                        + "Available: blobs (long-term), rows (change-log, high-volume). "
                        + "Add the dependency io.terrace:terrace-backend-s3, or choose one of these.");
    }

    @Test
    void anEmptyClassPathIsAnsweredAsSuch() {
        assertThatThrownBy(() -> open(List.of(), BackendRole.LONG_TERM, "s3", Map.of()))
                .hasMessageContaining("Available: none at all.");
    }

    @Test
    void aRoleThatABackendCannotPlayIsAnsweredWithWhatItCan() {
        assertThatThrownBy(() -> open(List.of(blobs, rows), BackendRole.HIGH_VOLUME, "blobs", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The backend 'blobs' cannot be a high-volume tier. "
                        + "Available: blobs (long-term), rows (change-log, high-volume).");
    }

    @Test
    void twoBackendsOfOneNameAreRefusedWithTheirClasses() {
        assertThatThrownBy(() -> open(List.of(new Listed(), new Listed()), BackendRole.LONG_TERM, "listed", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "Several backends on the class path are named 'listed': "
                                + "io.terrace.spi.BackendsTest$Listed, io.terrace.spi.BackendsTest$Listed. Remove all but one.");
    }

    @Test
    void aFacetIsFoundByItsType() {
        LongTermBackend opened = open(List.of(blobs), BackendRole.LONG_TERM, "blobs", Map.of());
        assertThat(opened.facet(LongTermBackend.class)).contains(opened);
        assertThat(opened.facet(RowListing.class)).isEmpty();
    }

    @Test
    void everyRoleIsNamed() {
        assertThat(BackendRole.all())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("high-volume", "long-term", "change-log");
    }

    private static <B extends Backend> B open(
            List<BackendProvider> providers, BackendRole<B> role, String name, Map<String, String> options) {
        return Backends.open(providers, role, name, options, TerraceRuntime.system());
    }

    /** Opens a backend that only knows its name, which tells how it was configured. */
    private static class Fake implements BackendProvider {
        private final String name;
        private final Set<BackendRole<?>> roles;

        Fake(String name, Set<BackendRole<?>> roles) {
            this.name = name;
            this.roles = roles;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<BackendRole<?>> roles() {
            return roles;
        }

        @Override
        public ConfigSchema options() {
            return ConfigSchema.of(WRITERS);
        }

        @Override
        public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
            Class<B> type = role.type();
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "name" -> name + " with " + config.get(WRITERS) + " writers";
                        case "facet" -> java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "toString" -> name;
                        default -> throw new UnsupportedOperationException(method.getName());
                    }));
        }
    }

    /** Named in META-INF/services. */
    public static final class Listed extends Fake {
        public Listed() {
            super("listed", Set.of(BackendRole.LONG_TERM));
        }
    }
}
