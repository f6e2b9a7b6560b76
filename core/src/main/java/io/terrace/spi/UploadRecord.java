// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload in parts, from its start until nobody asks for it any more: who may complete it, from what row it was completed,
 * and what is left to do if its writer is gone. (R10)
 *
 * <p>A record changes only by the transitions below, each of which makes the next {@code revision}, so that no content of
 * a record ever comes back.
 *
 * @param session the store's session, and with it the blob that the upload brings
 * @param secret what a client must show besides the UUID of the blob
 * @param metadata what the object will have
 * @param state see {@link State}
 * @param attempt which call completes it; {@code null} exactly if OPEN, COMMITTED or DEAD
 * @param base the write id of the row that the first complete started from; {@link WriteId#NONE} for ABSENT, and as long as
 *     nothing was completed
 * @param oldBlobs the blobs that become garbage when the upload is committed
 * @param startedMicros when the upload started, in microseconds since the epoch
 * @param sinceMicros when it entered its state
 * @param revision how many transitions it has made
 */
public record UploadRecord(
        UploadSession session,
        UploadSecret secret,
        ObjectMetadata metadata,
        State state,
        @Nullable UUID attempt,
        WriteId base,
        List<BlobId> oldBlobs,
        long startedMicros,
        long sinceMicros,
        long revision) {

    /** How far an upload is. The last two say only how it ended. */
    public enum State {
        /** Parts are being uploaded. */
        OPEN,
        /** A complete has begun, and may have taken effect. */
        COMPLETING,
        /** It is being undone, unless it turns out that the complete took effect. */
        DYING,
        /** It became the object's value, at some time. */
        COMMITTED,
        /** It was aborted or given up, and never becomes anything. */
        DEAD
    }

    public UploadRecord {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(base, "base");
        oldBlobs = List.copyOf(oldBlobs);
        boolean completing = state == State.COMPLETING || state == State.DYING;
        if (completing != (attempt != null)) {
            throw new IllegalArgumentException("an attempt goes with COMPLETING and DYING: " + state + ", " + attempt);
        }
        if (!completing && !(base.isNone() && oldBlobs.isEmpty())) {
            throw new IllegalArgumentException("a base goes with COMPLETING and DYING, not with " + state);
        }
        if (revision < 0) {
            throw new IllegalArgumentException("a revision must not be negative: " + revision);
        }
    }

    /** The record of an upload whose session has just been started. */
    public static UploadRecord open(
            UploadSession session, UploadSecret secret, ObjectMetadata metadata, long nowMicros) {
        return new UploadRecord(
                session, secret, metadata, State.OPEN, null, WriteId.NONE, List.of(), nowMicros, nowMicros, 0);
    }

    /** Where it lies in the log: under the UUID of its blob, as a change entry that brings the blob would. */
    public EntryId id() {
        return EntryId.of(blob());
    }

    public BlobId blob() {
        return session.blob();
    }

    public ObjectId object() {
        return blob().object();
    }

    /** Whether its blob must not be swept: OPEN, COMPLETING and DYING. (R11) */
    public boolean keepsBlob() {
        return state != State.COMMITTED && state != State.DEAD;
    }

    /** OPEN becomes COMPLETING, by an attempt that started from this row. */
    public UploadRecord completing(UUID byAttempt, WriteId rowsWriteId, List<BlobId> rowsTarget, long nowMicros) {
        require(State.OPEN);
        return with(State.COMPLETING, byAttempt, rowsWriteId, rowsTarget, nowMicros);
    }

    /** COMPLETING, by another attempt; what the first one started from stays. */
    public UploadRecord takenOver(UUID byAttempt) {
        require(State.COMPLETING);
        return with(State.COMPLETING, byAttempt, base, oldBlobs, sinceMicros);
    }

    /** COMPLETING, from a row that has vanished meanwhile. (R5.5) */
    public UploadRecord rebased(WriteId newBase) {
        require(State.COMPLETING);
        return with(State.COMPLETING, attempt, newBase, oldBlobs, sinceMicros);
    }

    /** COMPLETING becomes OPEN again: the list of parts was wrong. */
    public UploadRecord reopened(long nowMicros) {
        require(State.COMPLETING);
        return with(State.OPEN, null, WriteId.NONE, List.of(), nowMicros);
    }

    /** COMPLETING becomes DYING. */
    public UploadRecord dying(long nowMicros) {
        require(State.COMPLETING);
        return with(State.DYING, attempt, base, oldBlobs, nowMicros);
    }

    /** COMPLETING or DYING becomes COMMITTED: it took effect, and what it replaced is gone. */
    public UploadRecord committed(long nowMicros) {
        require(State.COMPLETING, State.DYING);
        return with(State.COMMITTED, null, WriteId.NONE, List.of(), nowMicros);
    }

    /** OPEN or DYING becomes DEAD. */
    public UploadRecord dead(long nowMicros) {
        require(State.OPEN, State.DYING);
        return with(State.DEAD, null, WriteId.NONE, List.of(), nowMicros);
    }

    /**
     * Checks that this can be the next of another one: for whoever implements {@link UploadRecords}.
     *
     * @throws IllegalArgumentException if not
     */
    public void requireNextOf(UploadRecord expected) {
        if (!session.equals(expected.session) || revision != expected.revision + 1) {
            throw new IllegalArgumentException("A record is replaced by its next revision, and revision " + revision
                    + " of the " + session + " is not next to revision " + expected.revision + " of the "
                    + expected.session + ".");
        }
    }

    private UploadRecord with(
            State next, @Nullable UUID nextAttempt, WriteId nextBase, List<BlobId> nextOldBlobs, long since) {
        return new UploadRecord(
                session,
                secret,
                metadata,
                next,
                nextAttempt,
                nextBase,
                nextOldBlobs,
                startedMicros,
                since,
                revision + 1);
    }

    private void require(State... allowed) {
        if (!List.of(allowed).contains(state)) {
            throw new IllegalStateException(
                    "an upload that is " + state + " does not go there; it must be " + List.of(allowed));
        }
    }
}
