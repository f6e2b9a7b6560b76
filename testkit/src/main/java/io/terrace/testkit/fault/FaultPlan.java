// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides what becomes of each call. Asked once per call, on the thread that makes it; a plan that counts must be safe for
 * use by several threads, as the ready-made ones are.
 */
@FunctionalInterface
public interface FaultPlan {

    /** What becomes of a call; one of those that {@linkplain Fault#appliesTo apply} to its operation. */
    Fault faultFor(SpiCall call);

    /**
     * What becomes of the bytes, if the call itself goes well: of a {@link SpiOperation#BLOB_GET}, the body that is read;
     * of a {@link SpiOperation#BLOB_PUT} or {@link SpiOperation#UPLOAD_PART}, the upload, which fails without effect.
     */
    default BodyFault bodyFaultFor(SpiCall call) {
        return BodyFault.NONE;
    }

    /** Nothing ever fails. */
    static FaultPlan none() {
        return call -> Fault.OK;
    }

    /** Something fails at the n-th call of an operation, counted from 1 over the life of the plan, and nothing else. */
    static FaultPlan on(SpiOperation operation, int nth, Fault fault) {
        requireApplicable(operation, fault);
        requireFromOne(nth);
        AtomicInteger seen = new AtomicInteger();
        return call -> call.operation() == operation && seen.incrementAndGet() == nth ? fault : Fault.OK;
    }

    /** Every call of an operation fails in the same way. */
    static FaultPlan always(SpiOperation operation, Fault fault) {
        requireApplicable(operation, fault);
        return call -> call.operation() == operation ? fault : Fault.OK;
    }

    /**
     * The bytes of the n-th get or put of a blob, or of a part, do not get through, and nothing else fails.
     *
     * @param operation {@link SpiOperation#BLOB_GET}, {@link SpiOperation#BLOB_PUT} or {@link SpiOperation#UPLOAD_PART}
     */
    static FaultPlan onBody(SpiOperation operation, int nth, BodyFault fault) {
        boolean get = operation == SpiOperation.BLOB_GET;
        boolean put = (operation == SpiOperation.BLOB_PUT || operation == SpiOperation.UPLOAD_PART)
                && fault.kind() != BodyFault.Kind.PREMATURE_END;
        if (!get && !put) {
            throw new IllegalArgumentException(operation + " cannot have the fault " + fault);
        }
        requireFromOne(nth);
        AtomicInteger seen = new AtomicInteger();
        return new FaultPlan() {
            @Override
            public Fault faultFor(SpiCall call) {
                return Fault.OK;
            }

            @Override
            public BodyFault bodyFaultFor(SpiCall call) {
                return call.operation() == operation && seen.incrementAndGet() == nth ? fault : BodyFault.NONE;
            }
        };
    }

    /**
     * Each call fails with a probability, in one of the ways that apply to it, each as likely as the others; so do bodies
     * that are read. Which calls those are follows from the seed and the {@linkplain SpiCall#sequence() sequence} of the
     * call alone. Checks and closes are left alone, and so is the end of a body: neither hangs nor premature ends are part
     * of it.
     *
     * @param rate the probability, from 0 to 1
     */
    static FaultPlan seeded(long seed, double rate) {
        return new SeededFaults(seed, rate);
    }

    /** This plan, and another one for the calls that this one lets go well. Both see every call. */
    default FaultPlan or(FaultPlan other) {
        FaultPlan first = this;
        return new FaultPlan() {
            @Override
            public Fault faultFor(SpiCall call) {
                Fault mine = first.faultFor(call);
                Fault others = other.faultFor(call);
                return mine != Fault.OK ? mine : others;
            }

            @Override
            public BodyFault bodyFaultFor(SpiCall call) {
                BodyFault mine = first.bodyFaultFor(call);
                BodyFault others = other.bodyFaultFor(call);
                return mine.kind() != BodyFault.Kind.NONE ? mine : others;
            }
        };
    }

    private static void requireApplicable(SpiOperation operation, Fault fault) {
        if (!fault.appliesTo(operation)) {
            throw new IllegalArgumentException(operation + " cannot have the fault " + fault);
        }
    }

    private static void requireFromOne(int nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("calls are counted from 1, not from " + nth);
        }
    }
}
