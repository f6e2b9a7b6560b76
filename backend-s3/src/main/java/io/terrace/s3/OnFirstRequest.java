// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A publisher that is subscribed to when the first element is asked for, so that no request is made for nobody; or at once,
 * but one that tells its subscriber so later, which most subscribers do not expect.
 */
final class OnFirstRequest<T> extends Flux<T> {

    private final Publisher<T> source;
    private final boolean atOnce;

    private OnFirstRequest(Publisher<T> source, boolean atOnce) {
        this.source = source;
        this.atOnce = atOnce;
    }

    static <T> Flux<T> of(Publisher<T> source) {
        return new OnFirstRequest<>(source, false);
    }

    static <T> Flux<T> atOnce(Publisher<T> source) {
        return new OnFirstRequest<>(source, true);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> receiver) {
        Waiting<T> waiting = new Waiting<>(source, receiver);
        receiver.onSubscribe(waiting);
        if (atOnce) {
            waiting.subscribe();
        }
    }

    private static final class Waiting<T> extends Operators.DeferredSubscription implements CoreSubscriber<T> {

        private final Publisher<T> source;
        private final CoreSubscriber<? super T> receiver;
        private final AtomicBoolean asked = new AtomicBoolean();

        Waiting(Publisher<T> source, CoreSubscriber<? super T> receiver) {
            this.source = source;
            this.receiver = receiver;
        }

        @Override
        public void request(long n) {
            super.request(n);
            subscribe();
        }

        void subscribe() {
            if (asked.compareAndSet(false, true)) {
                source.subscribe(this);
            }
        }

        @Override
        public Context currentContext() {
            return receiver.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
        }

        @Override
        public void onNext(T element) {
            receiver.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            receiver.onError(error);
        }

        @Override
        public void onComplete() {
            receiver.onComplete();
        }
    }
}
