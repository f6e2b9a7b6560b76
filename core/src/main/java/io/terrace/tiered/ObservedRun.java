// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.micrometer.observation.Observation;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One observation: begun with the subscription, ended once, by the answer, the error or the cancel that comes first. Signals
 * are passed on as they come, each after what it ends: what the caller does with its answer is not part of it.
 */
final class ObservedRun<T> implements CoreSubscriber<T>, Subscription {

    @SuppressWarnings("rawtypes") // a class literal
    private static final AtomicIntegerFieldUpdater<ObservedRun> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(ObservedRun.class, "ended");

    private final Observed.Subject subject;
    private final Observation observation;
    private final CoreSubscriber<? super T> caller;
    private final boolean one;
    private final Context context;
    private @Nullable Subscription work;

    @SuppressWarnings("unused") // by ENDED only
    private volatile int ended;

    /** @param one whether the first answer is the only one */
    ObservedRun(Observed.Subject subject, Observation observation, CoreSubscriber<? super T> caller, boolean one) {
        this.subject = subject;
        this.observation = observation;
        this.caller = caller;
        this.one = one;
        this.context = caller.currentContext().put(Observed.CONTEXT_KEY, observation);
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(work, subscription)) {
            work = subscription;
            caller.onSubscribe(this);
        }
    }

    @Override
    public void onNext(T answer) {
        if (one) {
            end(Outcome.OK, answer, null);
        }
        caller.onNext(answer);
    }

    @Override
    public void onError(Throwable error) {
        end(Outcome.of(subject.operation(), error), null, error);
        caller.onError(error);
    }

    @Override
    public void onComplete() {
        end(subject.operation().ofEmpty(), null, null);
        caller.onComplete();
    }

    @Override
    public void request(long answers) {
        if (work != null) {
            work.request(answers);
        }
    }

    @Override
    public void cancel() {
        end(Outcome.CANCELLED, null, null);
        if (work != null) {
            work.cancel();
        }
    }

    private void end(Outcome outcome, @Nullable Object answer, @Nullable Throwable error) {
        if (ENDED.compareAndSet(this, 0, 1)) {
            subject.stop(observation, outcome, answer, error);
        }
    }
}
