// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests to the tier of rows. */
final class RowCalls {
    private RowCalls() {}

    record Read() implements Rpc<Row> {
        @Override
        public Done<Row> on(World world, Rules rules) {
            return new Done<>(world, world.row());
        }
    }

    /** Writes a value if the row is at a version. */
    record Cas(Row.Version expected, Row row) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return compareAndSet(world, rules, expected, row);
        }
    }

    /** Writes the same value in its next version: a fence, and the steps of a sweep. */
    record Bump(Row.Version expected, Row row) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return compareAndSet(world, rules, expected, row);
        }
    }

    /**
     * A bump with a later deadline.
     *
     * @param until the last tick at which it may land; by then the sender's own deadline for it has passed
     */
    record Touch(Row.Version expected, Row row, int until) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            int now = world.flight().now();
            boolean late = now > until && !rules.breaks(Rule.TOUCH_LANDS_LATE);
            boolean expired =
                    rules.has(Rules.Option.STORE_CHECKS_DEADLINE) && world.row().isExpired(now);
            return late || expired ? new Done<>(world, false) : compareAndSet(world, rules, expected, row);
        }
    }

    /** Writes whatever stands there. No such request exists; it shows why. */
    record Overwrite(Row row) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world.with(row, rules), true);
        }
    }

    /** @param obstacle the tombstone that stands in the way, or {@code null} if the call took effect */
    record Blind(@Nullable Row obstacle) {}

    /** R2: writes an inline row unless there is a tombstone. */
    record BlindPut(String writeId, String value) implements Rpc<Blind> {
        @Override
        public Done<Blind> on(World world, Rules rules) {
            return isObstacle(world, rules)
                    ? new Done<>(world, new Blind(world.row()))
                    : new Done<>(world.with(Row.of(Row.Kind.INLINE, writeId, value), rules), new Blind(null));
        }
    }

    /** R2: deletes an inline row, and nothing else. */
    record BlindDelete(String writeId) implements Rpc<Blind> {
        @Override
        public Done<Blind> on(World world, Rules rules) {
            Row row = world.row();
            if (isObstacle(world, rules)) {
                return new Done<>(world, new Blind(row));
            }
            boolean nothing = row.isAbsent() || row.kind() == Row.Kind.MARKER;
            if (nothing && !rules.has(Rules.Option.DELETE_ALWAYS_MARKS)) {
                return new Done<>(world, new Blind(null));
            }
            Row left = rules.breaks(Rule.DELETE_REMOVES_THE_ROW) ? Row.ABSENT : Row.of(Row.Kind.MARKER, writeId, null);
            return new Done<>(world.with(left, rules), new Blind(null));
        }
    }

    /** The store collects a marker that is old enough (R13). */
    record CollectMarker() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            boolean young = world.flight().isUnderWay(world.rows().outlives());
            if (world.row().kind() != Row.Kind.MARKER || (young && !rules.breaks(Rule.MARKER_COLLECTED_EARLY))) {
                return new Done<>(world, false);
            }
            return new Done<>(removed(world), true);
        }
    }

    /** The store drops an expired tombstone by itself, which it must not. */
    record DropExpired() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            Row row = world.row();
            boolean drops = row.kind() == Row.Kind.TOMBSTONE
                    && row.isExpired(world.flight().now());
            return drops ? new Done<>(removed(world), true) : new Done<>(world, false);
        }
    }

    /** The clock of the caller, which may be ahead of the true time or behind it. */
    record Now(int skew) implements Rpc<Integer> {
        @Override
        public Done<Integer> on(World world, Rules rules) {
            return new Done<>(world, world.flight().now() + skew);
        }
    }

    /** Time passes. */
    record Tick() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world.with(world.flight().at(world.flight().now() + 1)), true);
        }
    }

    private static Rpc.Done<Boolean> compareAndSet(World world, Rules rules, Row.Version expected, Row row) {
        return world.row().version().equals(expected)
                ? new Rpc.Done<>(world.with(row, rules), true)
                : new Rpc.Done<>(world, false);
    }

    private static boolean isObstacle(World world, Rules rules) {
        Row row = world.row();
        boolean ignored = rules.breaks(Rule.EXPIRED_TOMBSTONE_OVERWRITTEN)
                && row.isExpired(world.flight().now());
        return row.kind() == Row.Kind.TOMBSTONE && !ignored;
    }

    private static World removed(World world) {
        return world.with(new World.Rows(Row.ABSENT, Set.of(), world.rows().drawn()));
    }
}
