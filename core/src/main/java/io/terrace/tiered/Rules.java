// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/**
 * The rules of the protocol that can be switched off, one at a time, to prove that a test notices. A store that was built
 * through the public builder obeys all of them.
 *
 * @param blindOnce R1: a blind call whose outcome is unknown is not repeated
 * @param readBeforeRecord R3a: the row is read before the entry is appended
 * @param recordBeforeVisible R3b: the entry is durable before the blob is visible
 * @param removeEntryLast R3d: the entry is removed after the blobs it answers for are gone
 * @param refusal R5.3: what a refused compare-and-set is compared with
 * @param claimCheck R5.4: the entry is checked before a compare-and-set against a version read later
 * @param rebaseVanished R5.5: a row that vanished proves nothing
 * @param fence R6.3: whether, and when, the row is fenced before a blob is deleted
 * @param bumpAbsent R5.3 and R6.3: a row that was absent is bumped even when its write id has changed
 * @param rereadOnMiss R8: a missing blob makes the reader read the row again
 * @param pinCheckAfterCommit R9: pins are checked after the commit, not before it
 * @param pinCheckOnRollback R9: a blob that may have been committed is released, not just deleted
 * @param pinRecheck R9: pins are checked again after a deferral was written
 * @param sweepLogFirst R11: the sweeper asks the log before it reads the row
 */
record Rules(
        boolean blindOnce,
        boolean readBeforeRecord,
        boolean recordBeforeVisible,
        boolean removeEntryLast,
        Refusal refusal,
        boolean claimCheck,
        boolean rebaseVanished,
        FenceRule fence,
        boolean bumpAbsent,
        boolean rereadOnMiss,
        boolean pinCheckAfterCommit,
        boolean pinCheckOnRollback,
        boolean pinRecheck,
        boolean sweepLogFirst) {

    /** What a refused compare-and-set means. */
    enum Refusal {
        /** Another write id means that a value was written. The rule. */
        WRITE_ID,
        /** Another version means that a value was written. Wrong: a fence changes the version too. */
        VERSION,
        /** Nothing; the compare-and-set is tried again. Wrong: our own write is undone or doubled. */
        RETRY
    }

    /** When the resolver fences. */
    enum FenceRule {
        /** Before it decides. The rule. */
        BEFORE_DELETE,
        /** After it has deleted. Wrong. */
        AFTER_DELETE,
        /** Never. Wrong. */
        NEVER
    }

    static final Rules ALL = new Rules(
            true,
            true,
            true,
            true,
            Refusal.WRITE_ID,
            true,
            true,
            FenceRule.BEFORE_DELETE,
            true,
            true,
            true,
            true,
            true,
            true);
}
