// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.Calls.Way;
import io.terrace.verification.model.LogRecord.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What must hold. */
final class Checks {
    private final Scenario scenario;

    Checks(Scenario scenario) {
        this.scenario = scenario;
    }

    /** In every state: a row that is not dead does not point to a blob that is missing. */
    void always(World world) {
        Row row = world.row();
        String target = row.target();
        if (target != null && !row.dead() && !world.blobs().visible().contains(target)) {
            throw new Violation("dangling: " + row);
        }
    }

    /** When all is done. */
    void atTheEnd(World end) {
        if (scenario.logChecked && end.flight().crashes() == 0 && !entries(end).isEmpty()) {
            throw new Violation("entries left although nothing crashed: " + entries(end));
        }
        World world = end;
        for (Script script : scenario.janitor) {
            world = alone(world, script);
        }
        always(world);
        if (!entries(world).isEmpty()) {
            throw new Violation("entries left after recovery: " + entries(world));
        }
        Row row = world.row();
        List<String> orphans = world.blobs().visible().stream()
                .filter(blob -> !row.pointsTo(blob))
                .toList();
        if (!orphans.isEmpty()) {
            throw new Violation("orphan: " + orphans);
        }
        if (row.dead() && scenario.deadChecked) {
            throw new Violation("a dead row is left that no sweep finds: " + row);
        }
        String content = visible(world);
        if (!world.history().mayEndWith(content)) {
            throw new Violation("not linearizable: the key ends with " + content);
        }
    }

    private static List<String> entries(World world) {
        return world.log().records().entrySet().stream()
                .filter(e -> e.getValue() instanceof Entry)
                .map(e -> e.getKey())
                .toList();
    }

    private World alone(World start, Script script) {
        World world = start;
        Way way = Calls.advance(scenario.rules, script, List.of());
        while (true) {
            world = apply(world, way.answered());
            Rpc<?> request = way.place().request();
            if (request == null) {
                return world;
            }
            Rpc.Done<?> done = request.on(apply(world, way.place().asked()), scenario.rules);
            world = done.world();
            List<@Nullable Object> answers = new ArrayList<>(way.place().answers());
            answers.add(done.answer());
            way = Calls.advance(scenario.rules, way.place().script(), answers);
        }
    }

    private static World apply(World start, List<UnaryOperator<World>> events) {
        World world = start;
        for (UnaryOperator<World> event : events) {
            world = event.apply(world);
        }
        return world;
    }

    private static @Nullable String visible(World world) {
        Row row = world.row();
        return row.hasValue() && !row.isExpired(world.flight().now()) ? row.content() : null;
    }
}
