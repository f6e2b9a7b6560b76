// SPDX-License-Identifier: Apache-2.0
/** What Terrace costs, as ratios and differences within one run. */
@NullMarked
package io.terrace.benchmarks;

import org.jspecify.annotations.NullMarked;
