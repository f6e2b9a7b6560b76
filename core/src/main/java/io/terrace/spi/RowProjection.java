// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

/** How much of a row a read needs. */
public enum RowProjection {
    /** Everything but the payload; a store that can must not move the payload. */
    HEAD,
    /** The payload too. */
    FULL
}
