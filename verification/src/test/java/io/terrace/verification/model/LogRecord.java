// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the change log keeps: an entry of a change in flight, or the record of a multipart upload. */
sealed interface LogRecord {

    enum State {
        OPEN,
        CLAIMED,
        DEFERRED
    }

    /** An entry. Written in epoch 0; in a later one it counts as claimed. */
    record Entry(@Nullable String newBlob, String base, List<String> oldBlobs, State state) implements LogRecord {

        static Entry open(@Nullable String newBlob, Row base) {
            return new Entry(newBlob, base.writeId(), base.targets(), State.OPEN);
        }

        static Entry deferred(List<String> oldBlobs) {
            return new Entry(null, Row.NO_WRITE, oldBlobs, State.DEFERRED);
        }

        Entry claimed() {
            return state == State.OPEN ? new Entry(newBlob, base, oldBlobs, State.CLAIMED) : this;
        }

        Entry rebased() {
            return new Entry(newBlob, Row.NO_WRITE, oldBlobs, state);
        }

        boolean isOpen() {
            return state == State.OPEN;
        }

        boolean isDeferred() {
            return state == State.DEFERRED;
        }
    }

    enum Phase {
        OPEN,
        COMPLETING,
        COMMITTED,
        DYING,
        DEAD
    }

    /** The record of a multipart upload (R10). */
    record Upload(Phase phase, String blob, String base, List<String> oldBlobs, String attempt) implements LogRecord {

        static Upload open(String blob) {
            return new Upload(Phase.OPEN, blob, Row.NO_WRITE, List.of(), "");
        }

        Upload completing(String by, Row row) {
            return new Upload(Phase.COMPLETING, blob, row.writeId(), row.targets(), by);
        }

        Upload takenOver(String by) {
            return new Upload(phase, blob, base, oldBlobs, by);
        }

        Upload rebased() {
            return new Upload(phase, blob, Row.NO_WRITE, oldBlobs, attempt);
        }

        Upload dying() {
            return new Upload(Phase.DYING, blob, base, oldBlobs, attempt);
        }

        Upload ended(Phase end) {
            return new Upload(end, blob, Row.NO_WRITE, List.of(), "");
        }

        boolean brings(String candidate) {
            return blob.equals(candidate) && phase != Phase.COMMITTED && phase != Phase.DEAD;
        }
    }
}
