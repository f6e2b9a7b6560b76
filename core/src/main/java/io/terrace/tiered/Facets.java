// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.UnsupportedException;
import io.terrace.spi.Backend;

/** Looks an optional ability up, with an error that says who needs it and who lacks it. */
final class Facets {

    private Facets() {}

    static <F> F require(Backend backend, Class<F> facet, String operation) {
        return backend.facet(facet)
                .orElseThrow(() -> new UnsupportedException(
                        backend.name(), facet.getSimpleName() + ", which '" + operation + "' needs"));
    }
}
