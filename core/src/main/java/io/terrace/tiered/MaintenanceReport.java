// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/**
 * What a pass of maintenance did. What a tier cannot do counts as nothing done.
 *
 * @param changes the changes that somebody left open
 * @param blobs the blobs that nothing refers to, and those of expired objects
 * @param rows the markers and expired small objects that were removed
 */
public record MaintenanceReport(RecoveryReport changes, SweepReport blobs, long rows) {

    /** Whether something is left to a later pass that this one could not do. */
    public boolean isComplete() {
        return changes.failed() == 0 && blobs.failed() == 0;
    }
}
