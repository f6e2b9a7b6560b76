// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The moment after which a write is completed, not undone. Whoever comes first decides: the write that passes the point,
 * or the caller who cancels.
 */
final class CommitPoint {

    private enum State {
        BEFORE,
        PASSED,
        CANCELLED,
        BEHIND_ANSWER,
        CLOSED
    }

    private final Admitted admitted;
    private final AtomicReference<State> state = new AtomicReference<>(State.BEFORE);
    private volatile @Nullable Supplier<@Nullable Aftermath> undo;

    CommitPoint(Admitted admitted) {
        this.admitted = admitted;
    }

    /** The room that the write takes up. */
    Admitted admitted() {
        return admitted;
    }

    /**
     * Says what a cancel has to undo. Called before there is anything to undo. False if the caller has cancelled already:
     * then nothing may be begun.
     */
    boolean undoWith(Supplier<@Nullable Aftermath> undo) {
        this.undo = undo;
        return state.get() != State.CANCELLED;
    }

    /** From now on a cancel only stops listening. False if the caller has cancelled already. */
    boolean pass() {
        return state.compareAndSet(State.BEFORE, State.PASSED);
    }

    /** The write has ended by itself. False if the caller has cancelled already, and so is not to be answered. */
    boolean close() {
        return state.compareAndSet(State.BEFORE, State.CLOSED) || state.compareAndSet(State.PASSED, State.CLOSED);
    }

    /** The caller is told now that the outcome is unknown, and the write goes on. False if it has ended. */
    boolean goOnBehindAnswer() {
        return state.compareAndSet(State.PASSED, State.BEHIND_ANSWER);
    }

    /** A write that went on behind the answer has ended, or is given up; true for whoever comes first. */
    boolean closeBehindAnswer() {
        return state.compareAndSet(State.BEHIND_ANSWER, State.CLOSED);
    }

    /** False if the point was passed, and the write goes on. */
    boolean cancel() {
        return state.compareAndSet(State.BEFORE, State.CANCELLED);
    }

    /** What undoes the write after a successful {@link #cancel()}; {@code null} if nothing does. */
    @Nullable
    Aftermath undo() {
        Supplier<@Nullable Aftermath> given = undo;
        return given == null ? null : given.get();
    }
}
