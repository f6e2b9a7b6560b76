// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.EntryId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Work behind an answered operation. Losing it loses nothing: its entry is in the log, and recovery does the same.
 *
 * @param entry the entry that it settles; {@code null} for maintenance, which settles many
 * @param what for a log line
 * @param work does it; every step of it may be repeated freely
 */
record Aftermath(@Nullable EntryId entry, String what, Mono<Void> work) {}
