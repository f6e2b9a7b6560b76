// SPDX-License-Identifier: Apache-2.0
/**
 * An executable model of the tiered protocol: every interleaving of a few actors on one key, with every fault of a small
 * budget, searched exhaustively. docs/model.md says what it covers.
 */
@NullMarked
package io.terrace.verification.model;

import org.jspecify.annotations.NullMarked;
