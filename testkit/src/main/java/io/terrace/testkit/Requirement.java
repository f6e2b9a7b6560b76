// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

/** What a rule asks for, and what a test of it that passes is worth. */
public enum Requirement {
    /** Every backend keeps it, and its test always has something to check. */
    REQUIRED,
    /**
     * About an ability that a backend may lack, or that its environment may not be able to show. Its test, and none other, is
     * skipped with that reason.
     */
    CAPABILITY,
    /** Every backend keeps it. Its test lets threads race: one that fails shows a fault, one that passes did not see any. */
    STOCHASTIC
}
