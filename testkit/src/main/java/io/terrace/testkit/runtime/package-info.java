// SPDX-License-Identifier: Apache-2.0
/**
 * A {@link io.terrace.spi.TerraceRuntime} that a test drives by hand: hours pass in milliseconds, and a run can be repeated
 * from its seed.
 */
@NullMarked
package io.terrace.testkit.runtime;

import org.jspecify.annotations.NullMarked;
