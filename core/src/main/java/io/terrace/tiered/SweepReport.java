// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/**
 * What a sweep of the long-term tier did.
 *
 * @param kept blobs that a row points to or a change in flight brings
 * @param deleted blobs that nothing referred to
 * @param expired blobs of objects that had expired, deleted with them
 * @param pinned blobs that nothing refers to, or of expired objects, that a pin keeps; a later sweep deletes them
 * @param failed blobs that could not be judged or deleted now; the log says why
 */
public record SweepReport(long kept, long deleted, long expired, long pinned, long failed) {

    static final SweepReport NOTHING = new SweepReport(0, 0, 0, 0, 0);

    SweepReport plus(SweepReport other) {
        return new SweepReport(
                kept + other.kept,
                deleted + other.deleted,
                expired + other.expired,
                pinned + other.pinned,
                failed + other.failed);
    }
}
