// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.spi.BackendProvider;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A provider that is wrong in one way.
 *
 * @param fault what is wrong with it
 * @param provider where a fresh one comes from
 * @param breaks the rules that the kit must find broken, all of them
 */
record ProviderMutant(String fault, Supplier<BackendProvider> provider, Set<String> breaks) {

    static ProviderMutant of(String fault, Supplier<BackendProvider> provider, String... breaks) {
        return new ProviderMutant(fault, provider, Mutant.rules(breaks));
    }

    @Override
    public String toString() {
        return fault;
    }
}
