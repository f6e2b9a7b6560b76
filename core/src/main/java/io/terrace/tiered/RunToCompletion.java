// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * Runs a write so that a cancel undoes it before its commit point and does not touch it afterwards; answers the caller
 * first and starts the work behind the answer second.
 */
final class RunToCompletion {

    private static final Logger LOG = LoggerFactory.getLogger(RunToCompletion.class);

    private RunToCompletion() {}

    static <T> Mono<T> of(Operations operations, Function<CommitPoint, Mono<Answer<T>>> write) {
        return Mono.create(sink -> {
            RuntimeException refusal = operations.begin();
            if (refusal != null) {
                sink.error(refusal);
                return;
            }
            Run<T> run = new Run<>(sink, operations);
            sink.onCancel(run::cancelUnlessCommitted);
            Mono<Answer<T>> steps;
            try {
                steps = write.apply(run.point);
            } catch (RuntimeException refused) {
                steps = Mono.error(refused);
            }
            steps.subscribe(run);
        });
    }

    private static final class Run<T> extends BaseSubscriber<Answer<T>> {

        final CommitPoint point = new CommitPoint();
        private final MonoSink<T> sink;
        private final Operations operations;
        private @Nullable Answer<T> answer;

        Run(MonoSink<T> sink, Operations operations) {
            this.sink = sink;
            this.operations = operations;
        }

        @Override
        public Context currentContext() {
            return Context.of(sink.contextView());
        }

        void cancelUnlessCommitted() {
            if (point.cancel()) {
                cancel();
                operations.run(point.undo());
                operations.end();
            }
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            requestUnbounded();
        }

        @Override
        protected void hookOnNext(Answer<T> next) {
            answer = next;
        }

        @Override
        protected void hookOnComplete() {
            Answer<T> given = answer;
            if (given == null) {
                // Only a write that found itself cancelled completes without an answer, and its cancel ends it.
                return;
            }
            if (!point.close()) {
                return;
            }
            if (given.error() == null) {
                sink.success(given.value());
            } else {
                fail(given.error());
            }
            operations.run(given.aftermath());
            operations.end();
        }

        @Override
        protected void hookOnError(Throwable error) {
            if (point.close()) {
                fail(error);
                operations.end();
            }
        }

        private void fail(Throwable error) {
            LOG.debug("a write failed", error);
            sink.error(error);
        }
    }
}
