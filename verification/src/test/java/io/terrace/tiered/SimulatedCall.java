// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.spi.CasOutcome;
import io.terrace.testkit.fault.SpiCall;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;

/** One request of one process to one store: on its way, then carried out, then answered; or not, at each of these. */
final class SimulatedCall<T> {

    /** What a network and a store can do to a request. */
    enum Fault {
        NONE,
        /** Refused before anything is done. */
        NOT_APPLIED,
        /** Never arrives, never answered. */
        LOST,
        /** Carried out, never answered. */
        APPLIED_THEN_LOST,
        /** Not answered, and carried out later. */
        LATE,
        /** Carried out, not answered, and repeated identically by the adapter, which answers for the repetition. */
        REPEATED,
        /** Not answered, repeated identically by the adapter, which answers for the repetition; carried out once more later. */
        REPEATED_THEN_LATE
    }

    final SimulatedProcess process;
    final SpiCall what;
    private final Mono<T> delegate;
    private @Nullable MonoSink<T> sink;
    private @Nullable Signal<T> answer;

    SimulatedCall(SimulatedProcess process, SpiCall what, Mono<T> delegate, @Nullable MonoSink<T> sink) {
        this.process = process;
        this.what = what;
        this.delegate = delegate;
        this.sink = sink;
    }

    /** The same request once more, for nobody. */
    SimulatedCall<T> again() {
        return new SimulatedCall<>(process, what, delegate, null);
    }

    boolean isAnswered() {
        return answer != null;
    }

    /** Nobody waits any more. */
    boolean isOrphaned() {
        return sink == null;
    }

    void forgetCaller() {
        sink = null;
    }

    /** Carries the request out, or does to it what the fault says. True if it stays on its way without a caller. */
    boolean arrive(Fault fault) {
        switch (fault) {
            case NOT_APPLIED ->
                answer = Signal.error(
                        new BackendUnavailableException("sim", "refused: " + what, Determinacy.NOT_APPLIED));
            case LOST, LATE -> answer = unanswered();
            case APPLIED_THEN_LOST -> {
                apply();
                answer = unanswered();
            }
            case REPEATED -> {
                apply();
                answer = repeated(apply());
            }
            case REPEATED_THEN_LATE -> answer = repeated(apply());
            case NONE -> answer = apply();
        }
        return fault == Fault.LATE || fault == Fault.REPEATED_THEN_LATE;
    }

    private Signal<T> unanswered() {
        return Signal.error(new OutcomeUnknownException("sim", "no answer: " + what));
    }

    /** Stores here answer on the spot: they are in memory. */
    Signal<T> apply() {
        Signal<T> signal = delegate.materialize().block();
        return signal == null ? Signal.complete() : signal;
    }

    @SuppressWarnings("unchecked")
    private static <T> Signal<T> repeated(Signal<T> second) {
        if (second.get() instanceof CasOutcome.Refused refused) {
            return (Signal<T>) Signal.next((CasOutcome) new CasOutcome.Refused(refused.observed(), true));
        }
        return second;
    }

    void deliver() {
        MonoSink<T> to = sink;
        Signal<T> given = answer;
        sink = null;
        if (to == null || given == null) {
            return;
        }
        Throwable error = given.getThrowable();
        if (error != null) {
            to.error(error);
        } else {
            to.success(given.get());
        }
    }

    @Override
    public String toString() {
        return process + ": " + what.operation() + " " + what.target()
                + (answer == null ? "" : " -> " + outcome(answer));
    }

    private static String outcome(Signal<?> signal) {
        return signal.getThrowable() == null
                ? String.valueOf(signal.get())
                : signal.getThrowable().getClass().getSimpleName();
    }
}
