// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * One request to one tier, carried out atomically. An actor that gets {@code null} for an answer got none: the request was
 * lost, or carried out, or is still under way. The answer itself is never {@code null}.
 */
interface Rpc<T> {

    Done<T> on(World world, Rules rules);

    /** The world after the request, and its answer. */
    record Done<T>(World world, @Nullable T answer) {}
}
