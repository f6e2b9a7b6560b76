// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;
import io.terrace.spi.Backend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A backend that is wrong in one way.
 *
 * @param fault what is wrong with it
 * @param environment where a fresh one comes from
 * @param breaks the rules that the kit must find broken, all of them
 */
record Mutant<B extends Backend>(String fault, Supplier<BackendEnvironment<B>> environment, Set<String> breaks) {

    static <B extends Backend> Mutant<B> of(
            String fault, Function<ManualRuntime, ? extends B> backend, String... breaks) {
        return new Mutant<>(
                fault,
                () -> {
                    ManualRuntime clock = new ManualRuntime(1);
                    return BackendEnvironment.of(clock, () -> backend.apply(clock));
                },
                rules(breaks));
    }

    static Set<String> rules(String... breaks) {
        return new TreeSet<>(Set.of(breaks));
    }

    /** An error as any backend may have one, for mutants that fail where they should not. */
    static TerraceException refusal() {
        return new BackendUnavailableException("inmemory", "refused by a mutant", Determinacy.NOT_APPLIED);
    }

    @Override
    public String toString() {
        return fault;
    }
}
