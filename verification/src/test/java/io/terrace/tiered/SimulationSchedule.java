// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ExpirationPolicy;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who takes part in a run and what happens to them; all of it drawn from the seed. Small on purpose: a schedule of a few
 * operations that breaks something is found sooner, and understood sooner, than one of many.
 *
 * @param family what kind of run it is
 * @param processes how many stores run over the same tiers
 * @param clients how many clients there are, each at one thing at a time
 * @param operations what a client does altogether
 * @param start what the object is at first
 * @param conditional whether writes may have preconditions, and metadata are updated
 * @param expiring whether values may have a lifetime
 * @param pins whether releases look for pins
 * @param reportObserved whether the row store says what it refused for
 * @param faults how many requests go wrong
 * @param events what happens besides, in any order
 */
record SimulationSchedule(
        Family family,
        int processes,
        int clients,
        int operations,
        Start start,
        boolean conditional,
        boolean expiring,
        boolean pins,
        boolean reportObserved,
        int faults,
        List<Event> events) {

    static final Duration LIFETIME = Duration.ofHours(1);

    /** After it, a read is worth a write that extends a value's life. Twice, it ends no life yet. */
    static final Duration LULL = LIFETIME.dividedBy(3);

    /** The kinds of runs. */
    enum Family {
        /** Anything may happen. */
        ANY,
        /** The same, and releases look for pins. */
        PINNED,
        /** Anything may happen, and most values come in parts. */
        UPLOADS,
        /** One client uploads in parts while another writes small values: the least in which a complete is taken over. */
        TAKEN_OVER,
        /**
         * One client brings a large value to an object that is absent; another puts a small one and deletes it; a day later
         * the object may be absent again, with a compare-and-set still under way that expects just that. Rare among the
         * others, and the reason for half of the rules.
         */
        ABSENT_AGAIN,
        /**
         * A value that lives as long as it is read is there, and is read when a read is worth a write; meanwhile it is
         * overwritten, expires, or is swept.
         */
        IDLE;

        boolean uploads() {
            return this == UPLOADS || this == TAKEN_OVER;
        }
    }

    /** What a client does. */
    enum Action {
        PUT_SMALL,
        PUT_LARGE,
        UPLOAD,
        DELETE,
        GET,
        HEAD
    }

    /** What the object is before the first client comes. */
    enum Start {
        ABSENT,
        INLINE,
        TOMBSTONE,
        EXPIRED_INLINE,
        EXPIRED_TOMBSTONE,
        MARKER,
        IDLE_INLINE,
        IDLE_TOMBSTONE;

        boolean isLarge() {
            return name().endsWith("TOMBSTONE");
        }

        boolean isExpired() {
            return name().startsWith("EXPIRED");
        }

        boolean isIdle() {
            return name().startsWith("IDLE");
        }

        ExpirationPolicy policy() {
            if (isIdle()) {
                return ExpirationPolicy.timeToIdle(LIFETIME);
            }
            return isExpired() ? ExpirationPolicy.timeToLive(LIFETIME) : ExpirationPolicy.manual();
        }
    }

    /** What happens besides clients. */
    enum Event {
        RECOVER,
        SWEEP,
        CRASH,
        LULL,
        /** What was not read since the lull expires; what was read since lives. */
        FADE,
        EXPIRE,
        AGE,
        COLLECT,
        CHECKPOINT,
        CANCEL
    }

    static SimulationSchedule draw(Random random) {
        int kind = random.nextInt(12);
        return draw(
                random,
                kind < 2 ? Family.ABSENT_AGAIN : kind < 3 ? Family.IDLE : kind < 5 ? Family.UPLOADS : Family.ANY);
    }

    static SimulationSchedule draw(Random random, Family family) {
        return switch (family) {
            case ANY, PINNED, UPLOADS -> drawAny(random, family);
            case TAKEN_OVER -> drawTakenOver(random);
            case ABSENT_AGAIN -> drawAbsentAgain(random);
            case IDLE -> drawIdle(random);
        };
    }

    private static SimulationSchedule drawIdle(Random random) {
        List<Event> events = new ArrayList<>();
        add(events, Event.RECOVER, random.nextInt(2));
        add(events, random.nextBoolean() ? Event.FADE : Event.EXPIRE, 1);
        add(events, Event.SWEEP, random.nextInt(3));
        return new SimulationSchedule(
                Family.IDLE,
                2,
                2,
                2,
                random.nextBoolean() ? Start.IDLE_INLINE : Start.IDLE_TOMBSTONE,
                random.nextBoolean(),
                true,
                false,
                random.nextBoolean(),
                random.nextInt(3),
                events);
    }

    private static SimulationSchedule drawTakenOver(Random random) {
        Start start = random.nextBoolean() ? Start.INLINE : Start.TOMBSTONE;
        return new SimulationSchedule(
                Family.TAKEN_OVER,
                2,
                2,
                1,
                start,
                false,
                false,
                false,
                random.nextBoolean(),
                random.nextInt(2),
                List.of());
    }

    private static SimulationSchedule drawAbsentAgain(Random random) {
        List<Event> events = new ArrayList<>(List.of(Event.AGE, Event.COLLECT));
        add(events, Event.RECOVER, random.nextInt(2));
        return new SimulationSchedule(
                Family.ABSENT_AGAIN, 2, 2, 2, Start.ABSENT, false, false, false, random.nextBoolean(), 1, events);
    }

    /** What the client of this number does next, having done so much already. */
    Action next(Random random, int client, int done) {
        if (family == Family.ABSENT_AGAIN) {
            if (client == 0) {
                return done == 0 ? Action.PUT_LARGE : Action.GET;
            }
            return done == 0 ? Action.PUT_SMALL : Action.DELETE;
        }
        if (family == Family.TAKEN_OVER) {
            return client == 0 ? Action.UPLOAD : Action.PUT_SMALL;
        }
        if (family == Family.IDLE && client == 0) {
            return random.nextBoolean() ? Action.GET : Action.HEAD;
        }
        int kind = random.nextInt(10);
        if (kind < 3) {
            return Action.DELETE;
        }
        if (kind < 8) {
            if (family == Family.UPLOADS && random.nextInt(3) > 0) {
                return Action.UPLOAD;
            }
            return kind < 5 ? Action.PUT_SMALL : Action.PUT_LARGE;
        }
        return kind < 9 ? Action.HEAD : Action.GET;
    }

    /** Whether a fault may strike this operation. */
    boolean mayStrike(SpiOperation operation) {
        return family != Family.ABSENT_AGAIN || operation == SpiOperation.ROW_CAS;
    }

    private static SimulationSchedule drawAny(Random random, Family family) {
        List<Event> events = new ArrayList<>();
        add(events, Event.RECOVER, random.nextInt(3));
        add(events, Event.SWEEP, random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0);
        add(events, Event.CRASH, random.nextInt(3) == 0 ? 1 : 0);
        add(events, Event.CANCEL, random.nextInt(5) == 0 ? 1 : 0);
        boolean expiring = family == Family.ANY && random.nextInt(5) == 0;
        add(events, Event.EXPIRE, expiring ? 1 : 0);
        add(events, Event.LULL, expiring ? random.nextInt(2) : 0);
        boolean ages = random.nextInt(4) == 0;
        add(events, Event.AGE, ages ? 1 + random.nextInt(2) : 0);
        add(events, Event.COLLECT, ages ? 1 + random.nextInt(2) : 0);
        boolean pins = family == Family.PINNED || random.nextInt(4) == 0;
        add(events, Event.CHECKPOINT, pins ? 1 + random.nextInt(2) : 0);
        Start[] starts = Start.values();
        return new SimulationSchedule(
                family,
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                starts[random.nextInt(expiring ? starts.length : starts.length - 2)],
                random.nextInt(3) == 0,
                expiring,
                pins,
                random.nextBoolean(),
                random.nextInt(4),
                events);
    }

    private static void add(List<Event> events, Event event, int times) {
        for (int i = 0; i < times; i++) {
            events.add(event);
        }
    }
}
