// SPDX-License-Identifier: Apache-2.0
/**
 * Judges what a test has seen: whether a history of operations can be explained, whether demand was respected, whether
 * something leaked, and whether a thread that must not block did.
 */
@NullMarked
package io.terrace.testkit.check;

import org.jspecify.annotations.NullMarked;
