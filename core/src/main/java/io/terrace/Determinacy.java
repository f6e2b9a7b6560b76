// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/** What is known about the effect of an operation that failed. */
public enum Determinacy {
    /** The operation had no effect and will have none. */
    NOT_APPLIED,
    /** The operation may have taken effect, or may still do so. */
    UNKNOWN
}
