// SPDX-License-Identifier: Apache-2.0
/**
 * All three SPIs in memory: the reference semantics. Every call is evaluated on the thread that subscribes to it, and
 * there is no thread, timer or randomness, so that a run depends on the order of calls and the runtime's clock only.
 * Nothing survives the process.
 */
@NullMarked
package io.terrace.inmemory;

import org.jspecify.annotations.NullMarked;
