// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.terrace.spi.Backend;
import io.terrace.spi.Capability;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.runtime.ManualRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;

/** The life of a backend under test, and the rules that do not depend on its role. */
abstract class BackendConformanceTest<B extends Backend> extends ConformanceTest {

    private final List<B> open = new ArrayList<>();
    private @Nullable BackendEnvironment<B> environment;

    /** Where the backend comes from. Called once for each test. */
    protected abstract BackendEnvironment<B> environment();

    /** One call of every operation there is, by name, as publishers that were not subscribed to. */
    abstract Map<String, Supplier<Publisher<?>>> operations();

    /** What a backend of this kind is tested as. */
    abstract String role();

    /** The optional abilities that a backend of this kind may have. */
    abstract List<Class<?>> facets();

    @Override
    ConformanceReport.Subject subject() {
        return new ConformanceReport.Subject(
                backend().name(),
                role(),
                backend().capabilities().stream().map(Capability::name).toList(),
                facets().stream().filter(this::has).map(Class::getSimpleName).toList());
    }

    /** A lookup that fails is for BE-1.3 to find. */
    private boolean has(Class<?> facet) {
        try {
            return backend().facet(facet).isPresent();
        } catch (RuntimeException broken) {
            return false;
        }
    }

    @BeforeEach
    void openBackend() {
        environment = environment();
        open.add(environment.create());
    }

    @AfterEach
    void closeBackends() {
        open.forEach(backend -> current().cleanup(backend));
    }

    B backend() {
        return open.get(0);
    }

    TerraceRuntime runtime() {
        return current().runtime();
    }

    /** The clock, or the end of the test. */
    ManualRuntime clock() {
        assumeTrue(current().clock().isPresent(), "the environment has no clock that a test can move");
        return current().clock().orElseThrow();
    }

    <F> F facet(Class<F> type) {
        return Assumed.facet(backend(), type);
    }

    /** Ends the test, before it has begun, if the backend does not claim that. */
    void assume(Capability capability) {
        assumeTrue(backend().capabilities().contains(capability), () -> "the backend is not " + capability);
    }

    /** Goes on with what survived. */
    B reopen() {
        B killed = backend();
        B reopened = current().reopen(killed);
        if (reopened == killed) {
            throw new AssertionError("reopen() returned the same instance; open another one on what is stored");
        }
        open.set(0, reopened);
        return reopened;
    }

    /** A second instance on the same store. */
    B share() {
        B other = current().share(backend());
        open.add(other);
        return other;
    }

    private BackendEnvironment<B> current() {
        if (environment == null) {
            throw new IllegalStateException("before the test has begun");
        }
        return environment;
    }

    @Nested
    class EveryBackend extends BackendRules {
        EveryBackend() {
            super(BackendConformanceTest.this);
        }
    }
}
