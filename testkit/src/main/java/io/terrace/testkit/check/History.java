// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What several clients did to some keys and what they were told, for {@link HistoryChecker} to judge. Each key is a register
 * that is absent at first.
 *
 * <p>Either wrap an operation, and its answer is noted by itself:
 *
 * <pre>{@code
 * var history = new History();
 * history.put("k", "v1", store.put(id, metadata, Payload.ofText("v1")));
 * history.get("k", store.withObject(id, GetOptions.all(), this::text), text -> text);
 * }</pre>
 *
 * or note the beginning, and later the end, by hand. Real time is what counts: an operation that ended before another one
 * began took effect before it. Give every put a value of its own, or mistakes stay hidden.
 *
 * <p>Safe for use by several threads.
 */
public final class History {

    private final Map<String, List<Operation>> ended = new TreeMap<>();
    private final Set<Call> running = new LinkedHashSet<>();
    private long clock;
    private long count;

    /**
     * A put, noted when it is subscribed to. A value or a completion means that it was done; an error that is
     * {@link Determinacy#NOT_APPLIED} means that it never will be; any other error, and a cancel, that it may yet be.
     */
    public <T> Mono<T> put(String key, Object value, Mono<T> operation) {
        return noted(operation, () -> put(key, value), (call, answer) -> call.done(), Call::done);
    }

    /** A delete, noted when it is subscribed to; as {@link #put(String, Object, Mono)}. */
    public <T> Mono<T> delete(String key, Mono<T> operation) {
        return noted(operation, () -> delete(key), (call, answer) -> call.done(), Call::done);
    }

    /**
     * A get, noted when it is subscribed to. A completion without a value means absent; an error or a cancel means nothing.
     *
     * @param valueOf the value that was put, from the answer
     */
    public <T> Mono<T> get(String key, Mono<T> operation, Function<? super T, ?> valueOf) {
        return noted(
                operation, () -> get(key), (call, answer) -> call.found(valueOf.apply(answer)), Call::foundNothing);
    }

    /** A head that tells no more than whether there is a value, noted when it is subscribed to; otherwise as a get. */
    public <T> Mono<T> head(String key, Mono<T> operation) {
        return noted(operation, () -> head(key), (call, answer) -> call.foundSomething(), Call::foundNothing);
    }

    /** A put begins. */
    public Call put(String key, Object value) {
        return begin(key, "put " + value, true, Objects.requireNonNull(value, "value"));
    }

    /** A delete begins. */
    public Call delete(String key) {
        return begin(key, "delete", true, Operation.ABSENT);
    }

    /** A get begins. */
    public Call get(String key) {
        return begin(key, "get", false, Operation.PRESENT);
    }

    /** A head begins. */
    public Call head(String key) {
        return begin(key, "head", false, Operation.PRESENT);
    }

    /** How many operations have begun. */
    public synchronized long size() {
        return count;
    }

    /** The operations by key, in the order of their beginnings; a write under way may or may not take effect. */
    synchronized Map<String, List<Operation>> snapshot() {
        Map<String, List<Operation>> all = new TreeMap<>();
        ended.forEach((key, operations) -> all.put(key, new ArrayList<>(operations)));
        for (Call call : running) {
            if (call.write) {
                of(all, call.key).add(call.ended(call.state, Operation.OPEN));
            }
        }
        all.values().forEach(operations -> operations.sort(Comparator.comparingLong(Operation::invoked)));
        return all;
    }

    private static List<Operation> of(Map<String, List<Operation>> byKey, String key) {
        return byKey.computeIfAbsent(key, k -> new ArrayList<>());
    }

    private synchronized Call begin(String key, String label, boolean write, Object state) {
        Call call = new Call(this, key, label, write, state, ++count, clock++);
        running.add(call);
        return call;
    }

    /** Only the first end counts. */
    private synchronized boolean end(Call call, @Nullable Object state, boolean answered) {
        if (!running.remove(call)) {
            return false;
        }
        if (state != null) {
            of(ended, call.key).add(call.ended(state, answered ? clock++ : Operation.OPEN));
        }
        return true;
    }

    private static <T> Mono<T> noted(
            Mono<T> operation, Supplier<Call> begin, BiConsumer<Call, T> onValue, Consumer<Call> onEmpty) {
        return Mono.defer(() -> {
            Call call = begin.get();
            return operation
                    .doOnSuccess(answer -> {
                        if (answer == null) {
                            onEmpty.accept(call);
                        } else {
                            onValue.accept(call, answer);
                        }
                    })
                    .doOnError(call::failed)
                    .doOnCancel(call::abandoned);
        });
    }

    /** An operation under way. Exactly one of its methods is to be called, when the caller has its answer. */
    public static final class Call {
        private final History history;
        private final String key;
        private final String label;
        private final boolean write;
        private final Object state;
        private final long number;
        private final long invoked;

        Call(History history, String key, String label, boolean write, Object state, long number, long invoked) {
            this.history = history;
            this.key = key;
            this.label = label;
            this.write = write;
            this.state = state;
            this.number = number;
            this.invoked = invoked;
        }

        /** The put or delete took effect. */
        public void done() {
            require(write, "done() ends a put or a delete");
            endOnce(state, true);
        }

        /** The get or head found this value. */
        public void found(Object value) {
            require(!write, "found() ends a get or a head");
            endOnce(Objects.requireNonNull(value, "value"), true);
        }

        /** The get or head found a value, and it is not known which. */
        public void foundSomething() {
            found(Operation.PRESENT);
        }

        /** The get or head found no value. */
        public void foundNothing() {
            found(Operation.ABSENT);
        }

        /** The operation had no effect, and will have none. */
        public void notApplied() {
            endOnce(null, true);
        }

        /** The operation may have had an effect, or may still have one. */
        public void unknown() {
            endOnce(write ? state : null, false);
        }

        private void endOnce(@Nullable Object found, boolean answered) {
            require(history.end(this, found, answered), label + " of '" + key + "' has ended already");
        }

        private void failed(Throwable error) {
            boolean notApplied =
                    error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED;
            history.end(this, write && !notApplied ? state : null, false);
        }

        private void abandoned() {
            history.end(this, write ? state : null, false);
        }

        private Operation ended(Object found, long returned) {
            return new Operation(number, label, write, found, invoked, returned);
        }

        private static void require(boolean condition, String rule) {
            if (!condition) {
                throw new IllegalStateException(rule);
            }
        }
    }
}
