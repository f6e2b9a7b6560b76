// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/** Something that the store does by itself, once. */
record Collector(Rpc<Boolean> request) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        io.call(request);
        return null;
    }
}
