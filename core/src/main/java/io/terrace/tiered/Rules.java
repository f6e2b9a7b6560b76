// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.EnumSet;

/**
 * The rules of the protocol that can be switched off, one at a time, to prove that a test notices. A store that was built
 * through the public builder obeys all of them.
 */
final class Rules {

    /** A sentence of the protocol, by what it says. */
    enum Rule {
        /** R1: a blind call whose outcome is unknown is not repeated. */
        BLIND_ONCE,
        /** R3a: the row is read before the entry is appended. */
        READ_BEFORE_RECORD,
        /** R3b: the entry is durable before the blob is visible. */
        RECORD_BEFORE_VISIBLE,
        /** R3d: the entry is removed after the blobs it answers for are gone. */
        REMOVE_ENTRY_LAST,
        /** R5.2: after a refusal the row decides, rather than another attempt. */
        REFUSAL_IS_LOOKED_INTO,
        /** R5.3: another write id, and not just another version, means that a value was written. */
        WRITE_ID_DECIDES,
        /** R5.4: the entry is checked before a compare-and-set against a version that was read later. */
        CLAIM_CHECK,
        /** R5.5: a row that vanished proves nothing. */
        REBASE_VANISHED,
        /** R14: a refused conditional write has failed; it neither counts as overtaken nor is tried again. */
        CONDITION_ENDS_WITH_REFUSAL,
        /** R15: an update of the metadata keeps the write id: it is no value. */
        METADATA_KEEP_WRITE_ID,
        /** R6.3: the row is fenced before the fate of a blob is decided. */
        FENCE,
        /** R6.3: and not after the blob was deleted. */
        FENCE_BEFORE_DELETE,
        /** R5.3 and R6.3: a row that was absent is bumped even when its write id has changed. */
        BUMP_ABSENT,
        /** R8: a missing blob makes the reader read the row again. */
        REREAD_ON_MISS,
        /** R8: a reader looks at the clock before it reads the row. */
        CLOCK_BEFORE_ROW,
        /** R9: pins are checked after the commit, not before it. */
        PIN_CHECK_AFTER_COMMIT,
        /** R9: a blob that may have been committed is released, not just deleted. */
        PIN_CHECK_ON_ROLLBACK,
        /** R9: pins are checked again after a deferral was written. */
        PIN_RECHECK,
        /** R10: a complete is recorded before the store makes the parts a blob. */
        COMPLETE_IS_RECORDED,
        /** R10: who takes a complete over keeps the base and the old blobs of the first attempt. */
        TAKE_OVER_KEEPS_BASE,
        /** R10: who takes a complete over reads the row again, unless it was read at the recorded base. */
        TAKE_OVER_REREADS,
        /** R10: the record is checked before a compare-and-set against a version that was read later. */
        RECORD_CHECK,
        /** R10: the row is fenced before a complete that has begun is undone. */
        ABORT_FENCE,
        /** R11: the sweeper asks the log before it reads the row. */
        SWEEP_LOG_FIRST,
        /** R12: a touch replaces exactly what was read. */
        TOUCH_EXACTLY,
        /** R12: an expired tombstone is gone before its blob is released. */
        RETIRE_BEFORE_RELEASE
    }

    static final Rules ALL = new Rules(EnumSet.allOf(Rule.class));

    private final EnumSet<Rule> obeyed;

    private Rules(EnumSet<Rule> obeyed) {
        this.obeyed = obeyed;
    }

    boolean obey(Rule rule) {
        return obeyed.contains(rule);
    }

    /** All of these but one. */
    Rules without(Rule rule) {
        EnumSet<Rule> rest = EnumSet.copyOf(obeyed);
        rest.remove(rule);
        return new Rules(rest);
    }
}
