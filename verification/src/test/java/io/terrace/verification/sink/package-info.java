// SPDX-License-Identifier: Apache-2.0
/** Servers that keep nothing of what they are sent, for objects larger than any disk. */
package io.terrace.verification.sink;
