// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of a store, made again and again. */
@FunctionalInterface
interface Call {

    /**
     * Starts it.
     *
     * @param done told once, without an error if it did what it should
     */
    void start(Consumer<@Nullable Throwable> done) throws Exception;
}
