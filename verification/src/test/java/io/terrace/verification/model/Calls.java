// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a script does its work with. */
final class Calls {

    /** Ends a run of a script at its first request without an answer so far. */
    private static final class Stop extends RuntimeException {
        Stop() {
            super(null, null, false, false);
        }
    }

    /**
     * Where an actor is.
     *
     * @param asked what happens together with the request
     * @param request {@code null}: it is done
     */
    record Place(
            Script script,
            List<@Nullable Object> answers,
            List<UnaryOperator<World>> asked,
            @Nullable Rpc<?> request) {

        /** The rest follows from these two. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place that && script.equals(that.script) && answers.equals(that.answers);
        }

        @Override
        public int hashCode() {
            return 31 * script.hashCode() + answers.hashCode();
        }
    }

    /** @param answered what happens together with the answer that led here */
    record Way(List<UnaryOperator<World>> answered, Place place) {}

    private final Rules rules;
    private final List<@Nullable Object> answers;
    private int used;
    private @Nullable Rpc<?> request;
    private List<UnaryOperator<World>> before = new ArrayList<>();
    private List<UnaryOperator<World>> after = new ArrayList<>();

    private Calls(Rules rules, List<@Nullable Object> answers) {
        this.rules = rules;
        this.answers = answers;
    }

    /** Goes on with a script that was given these answers, to its next request. */
    static Way advance(Rules rules, Script start, List<@Nullable Object> answers) {
        List<UnaryOperator<World>> passed = new ArrayList<>();
        Script script = start;
        List<@Nullable Object> left = answers;
        while (true) {
            Calls calls = new Calls(rules, left);
            Script next = null;
            try {
                next = script.run(calls);
            } catch (Stop stop) {
                passed.addAll(calls.after);
                return new Way(passed, new Place(script, left, calls.before, calls.request));
            }
            passed.addAll(calls.after);
            if (next == null) {
                return new Way(passed, new Place(script, List.of(), List.of(), null));
            }
            script = next;
            left = List.of();
        }
    }

    Rules rules() {
        return rules;
    }

    boolean breaks(Rule rule) {
        return rules.breaks(rule);
    }

    /** Answers with {@code null} if no answer came. */
    @SuppressWarnings("unchecked") // the answers were given to the same requests
    <T> @Nullable T send(Rpc<T> rpc) {
        if (used == answers.size()) {
            request = rpc;
            throw new Stop();
        }
        before = new ArrayList<>();
        after = new ArrayList<>();
        return (T) answers.get(used++);
    }

    /** A request whose sender repeats it until there is an answer, which changes nothing. */
    <T> T call(Rpc<T> rpc) {
        T answer = send(rpc);
        if (answer == null) {
            throw new IllegalStateException(rpc + " has no answer, and no one would notice");
        }
        return answer;
    }

    boolean isTrue(Rpc<Boolean> rpc) {
        return Boolean.TRUE.equals(send(rpc));
    }

    Row readRow() {
        return call(new RowCalls.Read());
    }

    /** The client asks; at the same moment as the next request. */
    void ask(Op op) {
        before.add(world -> world.with(world.history().asked(op)));
    }

    /** The client is answered, at the moment of the last answer. */
    void answer(String op, String answer) {
        after.add(world -> {
            History history = world.history().answered(op, answer);
            if (!history.isExplained()) {
                throw new Violation("not linearizable: " + op + " was answered '" + answer + "'");
            }
            return world.with(history);
        });
    }

    /** The actor has seen something that must not be. */
    void violation(String text) {
        after.add(world -> {
            throw new Violation(text);
        });
    }
}
