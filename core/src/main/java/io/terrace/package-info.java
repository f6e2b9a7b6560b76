// SPDX-License-Identifier: Apache-2.0
/**
 * Reactive tiered object storage: the store an application talks to, its value types and its errors.
 *
 * <p>Value types are immutable and validated when they are made, so a value that exists is valid. Every error is a {@link
 * io.terrace.TerraceException}.
 */
@NullMarked
package io.terrace;

import org.jspecify.annotations.NullMarked;
