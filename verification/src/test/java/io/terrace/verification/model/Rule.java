// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

/** The rules that a negative control breaks, by what is done instead. */
enum Rule {
    /** R1: an adapter repeats a blind call after an unknown outcome. */
    BLIND_CALL_REPEATED,
    /** R2: a blind call treats an expired tombstone as absent. */
    EXPIRED_TOMBSTONE_OVERWRITTEN,
    /** R2: a delete removes an inline row. */
    DELETE_REMOVES_THE_ROW,
    /** R3a */
    ROW_READ_AFTER_RECORD,
    /** R3b */
    BLOB_VISIBLE_BEFORE_RECORD,
    /** R3d */
    ENTRY_REMOVED_FIRST,
    /** R5.2: a refused compare-and-set is repeated, without a look at what was written. */
    REFUSAL_REPEATED,
    /** R5.3: any change of the version counts as superseded. */
    VERSION_DECIDES,
    /** R5.3: a write that a conditional one overtook counts as written just before it. */
    OVERTAKEN_BY_CONDITION_COUNTS,
    /** R5.4 */
    NO_CLAIM_CHECK,
    /** R5.5: a row that vanished counts as overwritten. */
    VANISHED_COUNTS_AS_WRITTEN,
    /** R5.5: a row that vanished and was bumped since counts as overwritten. */
    VANISHED_AND_BUMPED_COUNTS_AS_WRITTEN,
    /** R5.3, R6.3: an absent base is not bumped. */
    ABSENT_NOT_BUMPED,
    /** R6.3 */
    NO_FENCE,
    /** R6.3 */
    BLOB_DELETED_BEFORE_FENCE,
    /** R8 */
    MISSING_BLOB_MEANS_ABSENT,
    /** R8: a reader reads the clock after the row. */
    CLOCK_READ_AFTER_ROW,
    /** R9: a checkpoint reads the row before it pins. */
    READ_BEFORE_PIN,
    /** R9: the writer looks at the pins before its compare-and-set. */
    PINS_READ_BEFORE_COMMIT,
    /** R9: a change that is undone does not look at the pins. */
    ROLLBACK_IGNORES_PINS,
    /** R9 */
    NO_SECOND_LOOK_AT_PINS,
    /** R10: complete keeps no record of the upload. */
    NO_UPLOAD_RECORD,
    /** R10: who takes a complete over records a base of its own. */
    BASE_REPLACED_AT_TAKE_OVER,
    /** R10: who takes a complete over judges by the row that it read before it knew the recorded base. */
    NO_READ_AFTER_TAKE_OVER,
    /** R11 */
    SWEEP_READS_ROW_FIRST,
    /** R12: touch writes whatever stands there. */
    TOUCH_REWRITES,
    /** R12: the sweep deletes the blob of an expired row before it changes the row. */
    EXPIRED_BLOB_DELETED_FIRST,
    /** R12: the sweep releases the blob of an expired row without making the row dead. */
    EXPIRED_ROW_NOT_MADE_DEAD,
    /** R13 */
    MARKER_COLLECTED_EARLY,
    /** R13: the store drops expired tombstones. */
    STORE_DROPS_EXPIRED,
    /** R13: the bump of an absent row always writes the same version. */
    ABSENT_BUMP_STARTS_AT_ONE,
    /** A conditional write counts as written before whatever overtook it (R5.3). */
    CONDITION_SUPERSEDED,
    /** A conditional write whose compare-and-set went unanswered is reported as refused. */
    UNANSWERED_CONDITION_FAILS,
    /** A create-only write that was overtaken is reported as refused, whatever it was overtaken by. */
    OVERTAKEN_MEANS_EXISTS,
    /** A conditional write that was refused is sent again on the version of now, without a look at the entry (R5.4). */
    CONDITION_RETRIED,
    /** A conditional write that was refused releases what it meant to replace. */
    REFUSED_CONDITION_RELEASES,
    /** A metadata update writes a fresh write id. */
    METADATA_WITH_FRESH_WRITE_ID,
    /** The token of a conditional metadata update is the write id alone. */
    TOKEN_WITHOUT_BUMP,
    /** Nothing limits how late a touch lands. */
    TOUCH_LANDS_LATE,
    /** A fenced writer may still append. */
    EPOCH_UNCHECKED_ON_APPEND,
    /** A fenced writer that asks for its entry finds it open. */
    EPOCH_UNCHECKED_ON_GET,
    /** A fenced writer may still rebase its entry. */
    EPOCH_UNCHECKED_ON_REBASE
}
