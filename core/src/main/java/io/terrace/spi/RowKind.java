// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

/** What a row says about its object. */
public enum RowKind {
    /** There is no row. Never stored; the kind of {@link RowHead#ABSENT}. */
    ABSENT,
    /** The payload is in the row. */
    INLINE,
    /** The payload is the blob that the row points to; in the field's words a tombstone of the inline value, or redirect. */
    TOMBSTONE,
    /** There is no value, but the row is remembered, so that late writes that expect an older state are refused. */
    MARKER
}
