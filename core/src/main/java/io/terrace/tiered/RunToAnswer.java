// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.StoredObject;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Runs a read once there is room for it. Cancelled, it stops, and releases what it has opened and not handed over. */
final class RunToAnswer<T> extends Mono<T> {

    private final Operations operations;
    private final Supplier<Mono<T>> read;

    private RunToAnswer(Operations operations, Supplier<Mono<T>> read) {
        this.operations = operations;
        this.read = read;
    }

    static <T> Mono<T> of(Operations operations, Supplier<Mono<T>> read) {
        return new RunToAnswer<>(operations, read);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        RuntimeException refusal = operations.begin();
        if (refusal != null) {
            Operators.error(actual, refusal);
            return;
        }
        Run<T> run = new Run<>(actual, operations, read);
        actual.onSubscribe(run);
        run.admitted.enter();
    }

    private static final class Run<T> extends Operators.DeferredSubscription
            implements CoreSubscriber<T>, Admitted.Owner {

        private final CoreSubscriber<? super T> actual;
        private final Operations operations;
        private final Supplier<Mono<T>> read;
        private final Admitted admitted;
        private final AtomicBoolean over = new AtomicBoolean();
        private boolean handedOver;

        Run(CoreSubscriber<? super T> actual, Operations operations, Supplier<Mono<T>> read) {
            this.actual = actual;
            this.operations = operations;
            this.read = read;
            this.admitted = new Admitted(operations.admission(), this, CallOptions.of(actual.currentContext()), 0);
        }

        @Override
        public void admitted() {
            Mono<T> steps;
            try {
                steps = read.get();
            } catch (RuntimeException refused) {
                steps = Mono.error(refused);
            }
            steps.subscribe(this);
        }

        @Override
        public void refused(RuntimeException why) {
            if (over.compareAndSet(false, true)) {
                actual.onError(why);
                operations.end();
            }
        }

        @Override
        public void late() {
            if (over.compareAndSet(false, true)) {
                super.cancel();
                admitted.release();
                actual.onError(new DeadlineExceededException(
                        "",
                        "The read was not answered within the " + admitted.timeoutName() + ". Read again.",
                        Determinacy.NOT_APPLIED));
                operations.end();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
        }

        /**
         * A read has one answer, so with it the read is over; whoever reads again on hearing it must find the room, unless
         * an open body keeps it.
         */
        @Override
        public void onNext(T answer) {
            if (!over.compareAndSet(false, true)) {
                discard(answer);
                return;
            }
            handedOver = true;
            if (answer instanceof LargeObject open) {
                open.occupy(admitted);
            }
            admitted.answered();
            actual.onNext(answer);
            operations.end();
        }

        @Override
        public void onError(Throwable error) {
            if (over.compareAndSet(false, true)) {
                admitted.answered();
                actual.onError(error);
                operations.end();
            } else {
                Operators.onErrorDropped(error, currentContext());
            }
        }

        @Override
        public void onComplete() {
            if (handedOver) {
                actual.onComplete();
            } else if (over.compareAndSet(false, true)) {
                admitted.answered();
                actual.onComplete();
                operations.end();
            }
        }

        @Override
        public void cancel() {
            super.cancel();
            if (over.compareAndSet(false, true)) {
                if (!admitted.abandon()) {
                    admitted.answered();
                }
                operations.end();
            }
        }

        private static void discard(Object answer) {
            if (answer instanceof StoredObject object) {
                object.discard().subscribe();
            }
        }
    }
}
