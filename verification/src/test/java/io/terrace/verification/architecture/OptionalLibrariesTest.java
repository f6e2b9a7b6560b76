// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.uuid.Generators;
import com.tngtech.archunit.lang.ArchRule;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.observation.Observation;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.TieredObjectStoreBuilder;
import io.terrace.tiered.TieredObjectStoreMetrics;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import reactor.core.publisher.Mono;

/** {@code micrometer-core} is for whoever wants gauges; everybody else does without it. */
class OptionalLibrariesTest {

    /** One class of each library that a store needs. */
    private static final List<Class<?>> NEEDED = List.of(
            TieredObjectStore.class,
            InMemoryRows.class,
            UseOfAStore.class,
            Mono.class,
            Publisher.class,
            Observation.class,
            KeyValue.class,
            Logger.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            Generators.class,
            Nullable.class);

    @Test
    void onlyTheClassOfTheGaugesDependsOnMicrometerCore() {
        onlyBy(TieredObjectStoreMetrics.class).check(Terrace.MAIN);
    }

    @Test
    void aDependencyFromElsewhereIsCaught() {
        assertThat(Terrace.violations(onlyBy(TieredObjectStore.class), Terrace.MAIN))
                .isNotEmpty()
                .allSatisfy(v -> assertThat(v).contains("TieredObjectStoreMetrics"));
    }

    private static ArchRule onlyBy(Class<?> one) {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(one.getName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer.core..");
    }

    @Test
    void aStoreWorksAndCanBeLookedAtWithoutMicrometerCore() throws Exception {
        try (URLClassLoader without = withoutMicrometerCore()) {
            Callable<?> use = (Callable<?>) without.loadClass(UseOfAStore.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(use.call()).isEqualTo("stored without micrometer-core");
            for (Class<?> type : List.of(TieredObjectStore.class, TieredObjectStoreBuilder.class)) {
                // Frameworks look at all methods, so none may name what is not there.
                assertThat(without.loadClass(type.getName()).getMethods()).isNotEmpty();
            }
        }
    }

    @Test
    void itIsNotThere() throws IOException {
        try (URLClassLoader without = withoutMicrometerCore()) {
            assertThatThrownBy(() -> without.loadClass(Gauge.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> without.loadClass(TieredObjectStoreMetrics.class.getName())
                            .getMethods())
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }

    private static URLClassLoader withoutMicrometerCore() {
        URL[] libraries = Stream.concat(NEEDED.stream(), Stream.of(OptionalLibrariesTest.class))
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .distinct()
                .toArray(URL[]::new);
        return new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader());
    }
}
