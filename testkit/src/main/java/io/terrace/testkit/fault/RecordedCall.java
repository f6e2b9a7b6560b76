// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

/**
 * A call as it was when the record was asked for.
 *
 * @param call the call
 * @param began when it was made, in ticks of the recorder: each beginning and each ending is one tick
 * @param ended when it ended; {@link #NOT_YET} if it has not
 * @param ending how it ended
 */
public record RecordedCall(SpiCall call, long began, long ended, Ending ending) {

    /** The call has not ended. */
    public static final long NOT_YET = Long.MAX_VALUE;

    /** How a call ends. */
    public enum Ending {
        /** Not yet. */
        RUNNING,
        /** With a value, or a stream to its end. */
        ANSWERED,
        /** Without a value: absent, or nothing to say. */
        EMPTY,
        /** With an error. */
        FAILED,
        /** Its caller gave up. */
        CANCELLED
    }

    /** Whether both were under way at some moment. */
    public boolean overlaps(RecordedCall other) {
        return began < other.ended && other.began < ended;
    }

    @Override
    public String toString() {
        return call + " " + ending + " [" + began + ", " + (ended == NOT_YET ? "..." : ended) + "]";
    }
}
