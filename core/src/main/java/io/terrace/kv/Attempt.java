// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.Row;
import io.terrace.spi.RowVersion;
import org.jspecify.annotations.Nullable;

/**
 * How a compare-and-set ended, its doubts resolved.
 *
 * @param applied the version that it made, or {@code null} if it was refused
 * @param found what refused it, read in full afterwards; of no meaning if it was applied
 */
record Attempt(@Nullable RowVersion applied, Row found) {}
