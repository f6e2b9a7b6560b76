// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.util.Set;
import java.util.TreeSet;

/** What is wrong with a client, and the rules that the kit must find broken by it: of the groups these are in, no others. */
enum Flaw {
    NONE("nothing"),

    LOST_PUT_IS_NO_PUT("a blind put whose answer is lost is NOT_APPLIED", "WR-1.1", "WR-1.3"),
    LOST_DELETE_IS_NO_DELETE("so is a blind delete", "WR-1.2", "WR-1.3"),
    BLIND_IS_REPEATED("blind writes are repeated", "WR-1.3"),
    BLIND_IS_SENT_LATER("a blind write that failed is sent again in the background", "WR-1.3", "WR-2.3"),
    AMBIGUITY_IS_HIDDEN("a refusal after a lost answer does not say so", "WR-1.4", "WR-1.5", "WR-1.6"),
    CAS_IS_REBASED("a refusal after a lost answer leads to another attempt on what is there", "WR-1.6"),
    BUMP_IS_KNOWN_BY_ITS_VERSION("after a lost answer the next version is taken for ours", "WR-1.7"),
    ROW_IN_PART_IS_ABSENT("a row that arrives in part is absent", "WR-2.1", "WR-2.8"),
    ROW_IN_PART_IS_SHORT("a row that arrives in part is a short one", "WR-2.1", "WR-2.8"),
    END_IS_TAKEN_FOR_THE_WHOLE("what came before a connection was closed is all there is", "WR-2.8", "WB-3.6"),
    LISTING_THAT_BREAKS_ENDS("a page that arrives in part ends the listing", "WR-2.4", "WB-3.5"),
    TIMEOUT_IS_NO_ERROR_OF_OURS("a timeout is no error of ours", "WR-2.2", "WB-3.3"),
    NO_TIMEOUT("calls wait for ever", "WR-2.2", "WB-2.3", "WB-3.2", "WB-3.3"),
    NO_BUDGET("each request is repeated three times, whatever happens to others", "WR-2.5", "WB-4.1"),
    BREAKER_STAYS_OPEN("after many failures nothing is tried again", "WR-2.6", "WR-3.2", "WB-4.2", "WB-4.5"),
    READS_UNCHECKED("what is read has no checksum", "WR-2.7", "WB-3.4"),
    CANCEL_LEAKS("a cancelled call keeps its connection", "WR-3.1", "WB-4.3"),
    CANCEL_LEAVES_OPEN("a cancelled call leaves its connection open", "WR-3.1", "WB-4.3"),
    BREAK_LEAKS("a connection that broke is missing in the pool", "WR-2.6", "WR-3.2", "WB-4.2", "WB-4.5"),
    CLOSE_LEAVES_IDLE("closing leaves the connections that nobody uses", "WR-3.3", "WB-4.6"),

    LOST_BLOB_IS_NO_BLOB("a put whose answer is lost is NOT_APPLIED", "WB-1.1"),
    LOST_LAST_STEP_IS_NONE("so is the last step of a large put", "WB-1.2"),
    LOST_DELETE_IS_FINAL("a delete whose answer is lost fails for good", "WB-1.3"),
    DELETE_OF_NOTHING_FAILS("a delete cannot be repeated", "WB-1.3"),
    LOST_COMPLETION_IS_NONE("an upload whose completion is not answered is NOT_APPLIED", "WB-1.2", "WB-1.4"),
    ABORT_DELETES("to abort an upload that is completed deletes the blob", "WB-1.2", "WB-1.4"),
    PARTS_ARE_NOT_REPEATED("a part that fails is the end of the upload", "WB-2.2"),
    PARTS_THAT_FAIL_ARE_LEFT_OUT("a part that fails is left out", "WB-2.1", "WB-2.2", "WB-2.3"),
    FAILED_UPLOAD_IS_LEFT("an upload that failed is not aborted", "WB-2.1"),
    CANCELLED_UPLOAD_IS_LEFT("an upload that is cancelled is not aborted", "WB-2.5"),
    BODY_IS_NOT_CANCELLED("the body of an upload that failed is kept", "WB-2.3"),
    UPLOADS_UNCHECKED("what is uploaded has no checksum", "WB-2.4"),
    BODY_THAT_BREAKS_ENDS("a body that breaks is whole", "WB-3.1", "WB-3.6"),
    DISCARD_LEAKS("a body that is discarded keeps its connection", "WB-4.4"),
    CANCELLED_BODY_LEAKS("a body that is cancelled keeps its connection", "WB-4.4");

    private final String fault;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final Set<String> breaks;

    Flaw(String fault, String... breaks) {
        this.fault = fault;
        this.breaks = new TreeSet<>(Set.of(breaks));
    }

    Set<String> breaks() {
        return breaks;
    }

    @Override
    public String toString() {
        return fault;
    }
}
