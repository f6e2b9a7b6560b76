// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

/** Whose entries a scan returns. */
public enum ScanScope {
    /** Those that this instance should settle: its own, and those of instances that are gone. */
    DUE,
    /** All of them, those of other living instances included. */
    ALL
}
