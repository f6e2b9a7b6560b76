// SPDX-License-Identifier: Apache-2.0
/** A call of a remote backend against the same requests, made on the client that it uses. */
@NullMarked
package io.terrace.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
