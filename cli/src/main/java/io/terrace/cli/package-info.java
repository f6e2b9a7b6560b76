// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code terrace} command: one class per subcommand, each over the embedded default in a directory, or over a store that a file describes. The only part of
 * Terrace that blocks and that prints.
 */
@NullMarked
package io.terrace.cli;

import org.jspecify.annotations.NullMarked;
