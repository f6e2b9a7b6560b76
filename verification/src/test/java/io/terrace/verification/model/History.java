// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the clients have seen, as the set of all explanations of it. No explanation left: not linearizable. Answers to
 * questions are kept, since few histories occur in very many worlds.
 */
final class History {

    /**
     * One explanation.
     *
     * @param pending asked for, without effect so far
     * @param done in effect, not answered so far: name of the operation and what its answer must be
     */
    private record Explanation(@Nullable String content, Set<Op> pending, Map<String, String> done) {}

    private final Set<Explanation> explanations;
    private final int hash;
    private final Map<Object, History> next = new HashMap<>();
    private @Nullable Set<Explanation> closure;

    private History(Set<Explanation> explanations) {
        this.explanations = explanations;
        this.hash = explanations.hashCode();
    }

    static History startingWith(@Nullable String content, Set<Op> pending) {
        return new History(Set.of(new Explanation(content, Set.copyOf(pending), Map.of())));
    }

    /** For scenarios whose clocks differ so much that answers cannot be explained. */
    static final History UNCHECKED = new History(Set.of());

    boolean isExplained() {
        return isUnchecked() || !explanations.isEmpty();
    }

    private boolean isUnchecked() {
        return (Object) this == UNCHECKED;
    }

    boolean mayEndWith(@Nullable String content) {
        return isUnchecked()
                || closure().stream().anyMatch(e -> content == null ? e.content == null : content.equals(e.content));
    }

    History asked(Op op) {
        return isUnchecked()
                ? this
                : next.computeIfAbsent(
                        op,
                        any -> new History(explanations.stream()
                                .map(e -> new Explanation(e.content, with(e.pending, op), e.done))
                                .collect(Collectors.toSet())));
    }

    History answered(String name, String answer) {
        return isUnchecked() ? this : next.computeIfAbsent(List.of(name, answer), any -> afterAnswer(name, answer));
    }

    private History afterAnswer(String name, String answer) {
        boolean isFirst = explanations.stream()
                .anyMatch(e -> e.done.containsKey(name)
                        || e.pending.stream().anyMatch(op -> op.name().equals(name)));
        if (!isFirst) {
            return this; // a repeated request of one operation was answered before
        }
        Set<Explanation> left = new HashSet<>();
        boolean isError = answer.equals(Op.UNKNOWN) || answer.equals(Op.NOT_APPLIED);
        for (Explanation e : isError ? explanations : closure()) {
            switch (answer) {
                case Op.UNKNOWN -> left.add(new Explanation(e.content, e.pending, without(e.done, name)));
                case Op.NOT_APPLIED -> {
                    if (!e.done.containsKey(name)) {
                        left.add(new Explanation(e.content, without(e.pending, name), e.done));
                    }
                }
                default -> {
                    if (answer.equals(e.done.get(name)) || isRefusalOfUpdate(e, name, answer)) {
                        left.add(new Explanation(e.content, without(e.pending, name), without(e.done, name)));
                    }
                }
            }
        }
        return new History(left);
    }

    /** A token also notices changes that no client can see. */
    private static boolean isRefusalOfUpdate(Explanation e, String name, String answer) {
        return answer.equals(Op.REFUSED)
                && e.pending.stream()
                        .anyMatch(op ->
                                op instanceof Op.UpdateMetadata && op.name().equals(name));
    }

    /** With everything that may have taken effect by now. */
    private Set<Explanation> closure() {
        if (closure == null) {
            Set<Explanation> all = new HashSet<>(explanations);
            Deque<Explanation> open = new ArrayDeque<>(explanations);
            while (!open.isEmpty()) {
                Explanation e = open.pop();
                for (Op op : e.pending) {
                    Op.Effect effect = op.on(e.content);
                    if (effect != null) {
                        Explanation later = after(e, op, effect);
                        if (all.add(later)) {
                            open.push(later);
                        }
                    }
                }
            }
            closure = all;
        }
        return closure;
    }

    private static Explanation after(Explanation e, Op op, Op.Effect effect) {
        Set<Op> pending = without(e.pending, op.name());
        if (op instanceof Op.Renew) {
            pending = without(pending, Op.Vanish.NAME);
        }
        if (effect.answer() == null) {
            return new Explanation(effect.content(), pending, e.done);
        }
        Map<String, String> done = new HashMap<>(e.done);
        done.put(op.name(), effect.answer());
        return new Explanation(effect.content(), pending, done);
    }

    private static Set<Op> with(Set<Op> ops, Op op) {
        Set<Op> copy = new HashSet<>(ops);
        copy.add(op);
        return copy;
    }

    private static Set<Op> without(Set<Op> ops, String name) {
        return ops.stream().filter(op -> !op.name().equals(name)).collect(Collectors.toSet());
    }

    private static Map<String, String> without(Map<String, String> done, String name) {
        Map<String, String> copy = new HashMap<>(done);
        copy.remove(name);
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof History that && explanations.equals(that.explanations));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
