// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
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

    /** @param bytes of the payload that will be in memory */
    static <T> Mono<T> of(Operations operations, long bytes, Function<CommitPoint, Mono<Answer<T>>> write) {
        return Mono.create(sink -> {
            RuntimeException refusal = operations.begin();
            if (refusal != null) {
                sink.error(refusal);
                return;
            }
            Run<T> run = new Run<>(sink, operations, write, bytes);
            sink.onCancel(run::cancelUnlessCommitted);
            run.admitted.enter();
        });
    }

    private static final class Run<T> extends BaseSubscriber<Answer<T>> implements Admitted.Owner {

        private final MonoSink<T> sink;
        private final Operations operations;
        private final Function<CommitPoint, Mono<Answer<T>>> write;
        private final Admitted admitted;
        private final CommitPoint point;
        private @Nullable Answer<T> answer;

        Run(MonoSink<T> sink, Operations operations, Function<CommitPoint, Mono<Answer<T>>> write, long bytes) {
            this.sink = sink;
            this.operations = operations;
            this.write = write;
            this.admitted = new Admitted(operations.admission(), this, CallOptions.of(sink.contextView()), bytes);
            this.point = new CommitPoint(admitted);
        }

        @Override
        public void admitted() {
            Mono<Answer<T>> steps;
            try {
                steps = write.apply(point);
            } catch (RuntimeException refused) {
                steps = Mono.error(refused);
            }
            steps.subscribe(this);
        }

        @Override
        public void refused(RuntimeException why) {
            if (point.close()) {
                sink.error(why);
                operations.end();
            }
        }

        @Override
        public Context currentContext() {
            return Context.of(sink.contextView());
        }

        /** Before the commit point the write is undone; afterwards the caller hears that nobody knows, and it goes on. */
        @Override
        public void late() {
            if (point.cancel()) {
                undo();
                sink.error(new DeadlineExceededException(
                        "",
                        "The write was not done within the " + admitted.timeoutName()
                                + ". Nothing was stored; write again.",
                        Determinacy.NOT_APPLIED));
                operations.end();
            } else if (point.goOnBehindAnswer()) {
                boolean goesOn = operations.goOnBehindAnswer();
                admitted.goOnBehindAnswer();
                sink.error(new OutcomeUnknownException(
                        "", "The write was not answered within the " + admitted.timeoutName()));
                if (!goesOn) {
                    giveUp();
                }
            } else {
                giveUp();
            }
        }

        /** It has had its time twice. What it has recorded is settled by a recovery. */
        private void giveUp() {
            if (point.closeBehindAnswer()) {
                cancel();
                endBehindAnswer();
            }
        }

        private void endBehindAnswer() {
            admitted.answered();
            operations.endBehindAnswer();
            operations.end();
        }

        private void undo() {
            cancel();
            operations.run(point.undo());
            admitted.answered();
        }

        void cancelUnlessCommitted() {
            if (point.cancel()) {
                if (!admitted.abandon()) {
                    undo();
                }
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
                if (point.closeBehindAnswer()) {
                    operations.run(given.aftermath());
                    endBehindAnswer();
                }
                return;
            }
            // Before the answer: whoever writes again on hearing it must find the room.
            admitted.answered();
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
                admitted.answered();
                fail(error);
                operations.end();
            } else if (point.closeBehindAnswer()) {
                LOG.debug("a write failed behind its answer", error);
                endBehindAnswer();
            }
        }

        private void fail(Throwable error) {
            LOG.debug("a write failed", error);
            sink.error(error);
        }
    }
}
