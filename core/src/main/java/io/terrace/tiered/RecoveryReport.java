// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/**
 * What a recovery did.
 *
 * @param settled entries whose change was found committed or was undone, and which are gone now; and uploads in parts that
 *     were finished, given up or forgotten
 * @param pinned entries and uploads that are kept because a pin keeps their blobs
 * @param failed entries and uploads that could not be settled now, and are kept; the log says why
 */
public record RecoveryReport(long settled, long pinned, long failed) {

    static final RecoveryReport NOTHING = new RecoveryReport(0, 0, 0);

    /** How many entries and uploads there was something to do for. */
    public long examined() {
        return settled + pinned + failed;
    }

    RecoveryReport plus(RecoveryReport other) {
        return new RecoveryReport(settled + other.settled, pinned + other.pinned, failed + other.failed);
    }
}
