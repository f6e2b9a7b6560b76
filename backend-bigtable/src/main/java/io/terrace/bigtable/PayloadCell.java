// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

/**
 * The token of an inline row of ours: what a bump must know about the payload so as not to move it.
 *
 * @param place where it is
 * @param length as in the head
 * @param crc as in the head
 */
record PayloadCell(Place place, int length, int crc) {}
