// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.terrace.spi.Backend;

/** What a rule needs, or its test ends before it has begun. */
final class Assumed {

    private Assumed() {}

    static <F> F facet(Backend backend, Class<F> type) {
        assumeTrue(backend.facet(type).isPresent(), () -> "the backend has no facet " + type.getSimpleName());
        return backend.facet(type).orElseThrow();
    }
}
