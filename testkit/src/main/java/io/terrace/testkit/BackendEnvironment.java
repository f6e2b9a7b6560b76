// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.Backend;
import io.terrace.spi.Capability;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.runtime.ManualRuntime;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the kit gets a backend from, and how it gets rid of it. Made anew for each test. All methods may block; each may
 * throw, which fails the test.
 *
 * @param <B> the role that is tested
 */
public interface BackendEnvironment<B extends Backend> {

    /** An open backend on an empty store that no other test sees. Called once. */
    B create();

    /**
     * Another instance on what is stored, as a new process would open it after the death of the one that holds the given
     * instance. Needed for {@link Capability#DURABLE}. The given instance is not used any more afterwards, and is not
     * closed by the kit.
     */
    default B reopen(B backend) {
        throw new UnsupportedOperationException("A durable backend's environment must implement reopen().");
    }

    /**
     * A second instance on the same store beside the given one. Needed for {@link Capability#SHARED}. It is cleaned up like
     * the first one.
     */
    default B share(B backend) {
        throw new UnsupportedOperationException("A shared backend's environment must implement share().");
    }

    /** Closes an instance and removes what it left behind. Not called for one that was reopened. */
    default void cleanup(B backend) {
        Await.done(Objects.requireNonNull(backend.closeLater(), "closeLater() returned null"));
    }

    /** The clock that the backend reads, if the test can move it. Without it rules about the passing of time are skipped. */
    default Optional<ManualRuntime> clock() {
        return Optional.empty();
    }

    /** The runtime that the backend was given. */
    default TerraceRuntime runtime() {
        return clock().<TerraceRuntime>map(manual -> manual).orElseGet(TerraceRuntime::system);
    }

    /** An environment of a backend that needs nothing but to be made. */
    static <B extends Backend> BackendEnvironment<B> of(Supplier<? extends B> backend) {
        return backend::get;
    }

    /** The same, on a clock that the tests move. */
    static <B extends Backend> BackendEnvironment<B> of(ManualRuntime clock, Supplier<? extends B> backend) {
        return new BackendEnvironment<>() {
            @Override
            public B create() {
                return backend.get();
            }

            @Override
            public Optional<ManualRuntime> clock() {
                return Optional.of(clock);
            }
        };
    }
}
