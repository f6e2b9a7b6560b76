// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.Calls.Place;
import io.terrace.verification.model.Calls.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Visits every state of a scenario, breadth first, so that what it finds is found on a shortest way. */
final class Search {

    /** More than any scenario has. */
    private static final int MOST_STATES = 6_000_000;

    /** What may become of a request. */
    private enum Fate {
        ANSWERED,
        LOST,
        UNANSWERED,
        LATE
    }

    /** @param violation {@code null} if every state is right, and then every state was visited */
    record Result(@Nullable String violation, List<String> trace, int states) {}

    private static final int PARTS = 5;
    private static final int DONE = -1;

    private final Scenario scenario;
    private final Rules rules;
    private final String[] names;
    private final States states = new States();
    private final Checks checks;

    /** Where a place leads with an answer; only asked again by way of {@link #go}. */
    private final Map<Step, Arrival> steps = new HashMap<>();

    private record Step(int place, @Nullable Object answer) {}

    private record Arrival(List<UnaryOperator<World>> answered, int place) {}

    /** Told each successor of a state. */
    private interface Visitor {
        void visit(int[] key, Place from, String fate, @Nullable Object answer);
    }

    private Search(Scenario scenario) {
        this.scenario = scenario;
        this.rules = scenario.rules;
        this.names = scenario.actors.keySet().toArray(String[]::new);
        this.checks = new Checks(scenario);
    }

    static Result of(Scenario scenario) {
        return new Search(scenario).run();
    }

    private Result run() {
        int[] start = new int[PARTS + names.length];
        World world = scenario.world();
        int i = PARTS;
        for (Script script : scenario.actors.values()) {
            start[i++] = states.number(Calls.advance(rules, script, List.of()).place());
        }
        put(world, start);
        states.add(start, 0);
        for (int state = 0; state < states.size(); state++) {
            int from = state;
            List<String> last = new ArrayList<>();
            try {
                boolean isFinal = expand(state, last, (key, place, fate, answer) -> states.add(key, from));
                if (isFinal) {
                    last.add("the janitor");
                    checks.atTheEnd(world(states.key(state)));
                }
            } catch (Violation violation) {
                return new Result(violation.getMessage(), trace(state, last), states.size());
            }
            if (states.size() > MOST_STATES) {
                throw new IllegalStateException(scenario.name + " has more than " + MOST_STATES + " states");
            }
        }
        return new Result(null, List.of(), states.size());
    }

    /** Visits each successor of a state; true if it has none. */
    private boolean expand(int state, List<String> doing, Visitor visitor) {
        int[] key = states.key(state);
        World world = world(key);
        checks.always(world);
        boolean isFinal = world.flight().late().isEmpty();
        for (int i = 0; i < world.flight().late().size(); i++) {
            World.Late late = world.flight().late().get(i);
            Rpc.Done<?> done = late.request().on(world.with(world.flight().landed(i)), rules);
            visitor.visit(
                    next(key, world, done.world()), LATE, late.owner() + " late: " + late.request(), done.answer());
        }
        for (int actor = 0; actor < names.length; actor++) {
            if (key[PARTS + actor] != DONE) {
                isFinal = false;
                act(key, world, actor, doing, visitor);
            }
        }
        return isFinal;
    }

    private static final Place LATE = new Place(io -> null, List.of(), List.of(), null);

    private void act(int[] key, World world, int actor, List<String> doing, Visitor visitor) {
        Place place = (Place) states.part(key[PARTS + actor]);
        Rpc<?> request = place.request();
        if (request == null) {
            throw new IllegalStateException("an actor that is done acts");
        }
        World asked = world;
        for (UnaryOperator<World> event : place.asked()) {
            asked = event.apply(asked);
        }
        boolean commits = request instanceof RowCalls.Cas || request instanceof LogCalls.Begin;
        if (commits && rules.has(Rules.Option.MARKER_COLLECTION)) {
            asked = asked.with(asked.flight().commits(names[actor]));
        }
        boolean mayFail =
                scenario.faulty.contains(request.getClass()) && world.flight().faults() < scenario.faults;
        for (Fate fate : mayFail ? Fate.values() : new Fate[] {Fate.ANSWERED}) {
            World after = asked;
            Object answer = null;
            if (fate == Fate.ANSWERED || fate == Fate.UNANSWERED) {
                Rpc.Done<?> done = request.on(asked, rules);
                after = done.world();
                answer = fate == Fate.ANSWERED ? done.answer() : null;
            } else if (fate == Fate.LATE) {
                after = asked.with(asked.flight().later(new World.Late(request, names[actor])));
            }
            if (fate != Fate.ANSWERED) {
                after = after.with(after.flight().faulted());
            }
            String label = names[actor] + ": " + request + (fate == Fate.ANSWERED ? "" : " " + fate);
            doing.clear();
            doing.add(label + " -> " + answer);
            Arrival arrival = go(key[PARTS + actor], place, answer);
            for (UnaryOperator<World> event : arrival.answered) {
                after = event.apply(after);
            }
            if (arrival.place == DONE && rules.has(Rules.Option.MARKER_COLLECTION)) {
                after = after.with(after.flight().without(names[actor]));
            }
            int[] next = next(key, world, after);
            next[PARTS + actor] = arrival.place;
            visitor.visit(next, place, label, answer);
        }
        doing.clear();
        crash(key, world, actor, place, visitor);
    }

    private void crash(int[] key, World world, int actor, Place place, Visitor visitor) {
        boolean hasBegun = !place.answers().isEmpty() || !place.script().equals(scenario.actors.get(names[actor]));
        if (scenario.mortal.contains(names[actor]) && world.flight().crashes() == 0 && hasBegun) {
            World after = world.with(world.flight().crashed().without(names[actor]));
            int[] next = next(key, world, after);
            next[PARTS + actor] = DONE;
            visitor.visit(next, place, names[actor] + " dies", null);
        }
    }

    private Arrival go(int number, Place place, @Nullable Object answer) {
        return steps.computeIfAbsent(new Step(number, answer), any -> {
            List<@Nullable Object> answers = new ArrayList<>(place.answers());
            answers.add(answer);
            Way way = Calls.advance(rules, place.script(), answers);
            return new Arrival(way.answered(), way.place().request() == null ? DONE : states.number(way.place()));
        });
    }

    private World world(int[] key) {
        return new World(
                (World.Rows) states.part(key[0]),
                (World.Blobs) states.part(key[1]),
                (World.Log) states.part(key[2]),
                (World.Flight) states.part(key[3]),
                (History) states.part(key[4]));
    }

    private void put(World world, int[] key) {
        key[0] = states.number(world.rows());
        key[1] = states.number(world.blobs());
        key[2] = states.number(world.log());
        key[3] = states.number(world.flight());
        key[4] = states.number(world.history());
    }

    private int[] next(int[] key, World before, World after) {
        int[] next = Arrays.copyOf(key, key.length);
        replace(next, 0, before.rows(), after.rows());
        replace(next, 1, before.blobs(), after.blobs());
        replace(next, 2, before.log(), after.log());
        replace(next, 3, before.flight(), after.flight());
        replace(next, 4, before.history(), after.history());
        return next;
    }

    /** Most requests change one part, so most parts are the same object and need not be looked up. */
    private void replace(int[] key, int slot, Object before, Object after) {
        if (before != after) {
            key[slot] = states.number(after);
        }
    }

    /** Only states are kept; what led from one to the next is found out again. */
    private List<String> trace(int state, List<String> last) {
        List<String> trace = new ArrayList<>(last);
        for (int at = state; at != 0; at = states.parent(at)) {
            int[] wanted = states.key(at);
            List<String> label = new ArrayList<>();
            expand(states.parent(at), new ArrayList<>(), (key, place, fate, answer) -> {
                if (label.isEmpty() && Arrays.equals(key, wanted)) {
                    label.add(fate + (answer == null ? "" : " -> " + answer));
                }
            });
            trace.addAll(0, label);
        }
        return trace;
    }
}
