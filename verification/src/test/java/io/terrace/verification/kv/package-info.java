// SPDX-License-Identifier: Apache-2.0
/** The leased key-value store, over all rows there are, and with time under control. */
@NullMarked
package io.terrace.verification.kv;

import org.jspecify.annotations.NullMarked;
