// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.ResponseObserver;
import com.google.api.gax.rpc.ServerStreamingCallable;
import com.google.api.gax.rpc.StreamController;
import com.google.cloud.bigtable.data.v2.models.Query;
import com.google.cloud.bigtable.data.v2.models.Row;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** One ReadRows. A row is asked for when the reader has asked for it, which reaches the server through its flow control. */
final class RowStream extends Flux<Row> {

    private final ServerStreamingCallable<Query, Row> callable;
    private final Query query;
    private final ApiCallContext context;

    RowStream(ServerStreamingCallable<Query, Row> callable, Query query, ApiCallContext context) {
        this.callable = callable;
        this.query = query;
        this.context = context;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Row> actual) {
        Reading reading = new Reading(actual);
        Calls.fromRoot(() -> {
            callable.call(query, reading, context);
            return reading;
        });
    }

    private static final class Reading implements ResponseObserver<Row>, Subscription {

        private final CoreSubscriber<? super Row> actual;
        private final AtomicLong demand = new AtomicLong();
        private @Nullable StreamController stream;
        private volatile boolean cancelled;

        Reading(CoreSubscriber<? super Row> actual) {
            this.actual = actual;
        }

        @Override
        public void onStart(StreamController controller) {
            controller.disableAutoInboundFlowControl();
            stream = controller;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                long before = demand.getAndAccumulate(n, Operators::addCap);
                if (before == 0) {
                    ask();
                }
            }
        }

        @Override
        public void onResponse(Row row) {
            if (cancelled) {
                return;
            }
            actual.onNext(row);
            long left = demand.updateAndGet(wanted -> wanted == Long.MAX_VALUE ? wanted : wanted - 1);
            if (left > 0) {
                ask();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (!cancelled) {
                actual.onError(error);
            }
        }

        @Override
        public void onComplete() {
            if (!cancelled) {
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            StreamController started = stream;
            if (started != null) {
                Calls.fromRoot(() -> {
                    started.cancel();
                    return started;
                });
            }
        }

        private void ask() {
            StreamController started = stream;
            if (started != null && !cancelled) {
                started.request(1);
            }
        }
    }
}
