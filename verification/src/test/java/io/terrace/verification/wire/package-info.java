// SPDX-License-Identifier: Apache-2.0
/** A small backend over sockets, and what it can get wrong when these break: the test of the kit's wire classes. */
@NullMarked
package io.terrace.verification.wire;

import org.jspecify.annotations.NullMarked;
