// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

/**
 * What becomes of one call. Together these are all that a caller can meet on the other side of a network: no effect, an
 * effect without an answer, an effect that comes after the answer, and an answer to a repetition.
 *
 * <p>The error is what the method's contract names. A call that does not write fails with
 * {@link io.terrace.BackendUnavailableException}, always {@link io.terrace.Determinacy#NOT_APPLIED NOT_APPLIED}. One that
 * writes and whose effect is not known fails with {@link io.terrace.OutcomeUnknownException}; the delete of a blob and the
 * abort of an upload, which anybody may repeat, with {@link io.terrace.BackendUnavailableException} of determinacy
 * {@link io.terrace.Determinacy#UNKNOWN UNKNOWN}.
 */
public enum Fault {
    /** The call is made and answered. */
    OK,

    /** The call is not made, and the caller is told so: {@link io.terrace.Determinacy#NOT_APPLIED NOT_APPLIED}. */
    FAIL_NOT_APPLIED,

    /** The call is not made, and the caller cannot know. A body is taken all the same. A stream breaks after an element. */
    LOST,

    /** The call is made, and its answer is lost. A stream breaks after its last element, instead of completing. */
    APPLIED_THEN_LOST,

    /**
     * The caller is told that the outcome is unknown; the call is made when the test {@linkplain LateCalls releases} it.
     * The body of a blob is taken before the answer and kept in memory until then. Not for streams.
     */
    LATE,

    /**
     * Like {@link #LATE}, but the caller is told nothing, ever: it must give up by itself. Not for streams. Never part of a
     * {@linkplain FaultPlan#seeded seeded} plan.
     */
    HANG,

    /**
     * The call is made, its answer is lost, and the identical call is made again, as a backend may do with a conditional
     * request. If the second attempt is refused, the caller is told of the first, and what row refused. Only for
     * {@link SpiOperation#ROW_CAS} and {@link SpiOperation#ROW_BUMP}.
     */
    REPEATED,

    /** Like {@link #REPEATED}, by a store that does not say what row refused. */
    REPEATED_UNSEEN;

    /** Whether this can happen to a call of the operation. */
    public boolean appliesTo(SpiOperation operation) {
        return switch (this) {
            case OK, FAIL_NOT_APPLIED, LOST, APPLIED_THEN_LOST -> true;
            case LATE, HANG -> !operation.streams();
            case REPEATED, REPEATED_UNSEEN -> operation.effect() == SpiOperation.Effect.CONDITIONAL;
        };
    }
}
