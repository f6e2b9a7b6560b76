// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import io.terrace.testkit.check.Situations.Situation;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the operations on one register that explains all answers, and agrees with real time.
 *
 * <p>The search of Wing and Gong, in Lowe's just-in-time form: it walks through the history and keeps every situation that
 * the register can be in, which is its state and which of the operations under way have taken effect. Writes take effect
 * as late as possible: when one of them returns that has not, or a read returns that needs one. So the number of
 * situations depends on how many operations run at once, not on the length of the history, and at a quiescent point only
 * the possible states are left.
 *
 * <p>What keeps the situations few, and loses no explanation:
 * <ul>
 *   <li>A read takes effect as soon as the state explains it.
 *   <li>Of several writes of one state, the one that must return first goes first.
 *   <li>A state that no read to come has found is as good as any other such state. A write of it whose outcome is unknown
 *       is forgotten; one that was answered takes effect just before the next write, where nobody sees it.
 *   <li>Writes of unknown outcome are spent sparingly, see {@link Situations}.
 * </ul>
 */
final class RegisterSearch {

    /** With more situations than this the search gives up, after some seconds. */
    private static final int LIMIT = 60_000;

    /** Any state that no read to come has found. */
    private static final Object UNSEEN = new Object();

    /**
     * An operation under way.
     *
     * @param index its bit
     * @param operation the operation
     * @param twins the writes of the same state that must return earlier
     */
    private record Slot(int index, Operation operation, BigInteger twins) {}

    /** Something that happens at a moment; moments are doubled to make room between them. */
    private record Event(long moment, Runnable happen) {}

    private final Map<Object, Long> lastFound = new HashMap<>();
    private final List<Slot> underWay = new ArrayList<>();
    private Situations situations = new Situations();
    private long now;
    private @Nullable Operation inexplicable;

    private int most;

    private RegisterSearch() {}

    /**
     * What was found.
     *
     * @param inexplicable the first operation whose answer cannot be explained; {@code null} if all can
     * @param most how many situations there were at most, which is what a search costs
     */
    record Result(@Nullable Operation inexplicable, int most) {}

    /** @throws IllegalStateException if there are too many situations to tell */
    static Result search(List<Operation> operations) {
        RegisterSearch search = new RegisterSearch();
        search.situations.add(new Situation(Operation.ABSENT, BigInteger.ZERO, BigInteger.ZERO));
        for (Event event : search.eventsOf(operations)) {
            search.now = event.moment;
            event.happen.run();
            if (search.inexplicable != null) {
                break;
            }
        }
        return new Result(search.inexplicable, search.most);
    }

    static @Nullable Operation firstInexplicable(List<Operation> operations) {
        return search(operations).inexplicable;
    }

    private List<Event> eventsOf(List<Operation> operations) {
        for (Operation read : operations) {
            if (!read.write()) {
                lastFound.merge(read.state(), read.returned(), Math::max);
            }
        }
        List<Event> events = new ArrayList<>();
        for (Operation operation : operations) {
            if (!operation.isOpen()) {
                events.add(new Event(2 * operation.invoked(), () -> begin(operation)));
                events.add(new Event(2 * operation.returned(), () -> end(operation)));
            } else if (lastFound(operation.state()) > operation.invoked()) {
                events.add(new Event(2 * operation.invoked(), () -> begin(operation)));
                events.add(new Event(2 * lastFound(operation.state()) + 1, () -> release(operation, situations)));
            }
        }
        events.sort(Comparator.comparingLong(Event::moment));
        return events;
    }

    /** When the last read ends that found this state. */
    private long lastFound(Object state) {
        long found = lastFound.getOrDefault(state, -1L);
        return state == Operation.ABSENT ? found : Math.max(found, lastFound.getOrDefault(Operation.PRESENT, -1L));
    }

    private boolean isUnseen(Object state) {
        return state == UNSEEN || 2 * lastFound(state) < now;
    }

    private void begin(Operation operation) {
        int index = 0;
        while (isTaken(index)) {
            index++;
        }
        BigInteger twins = BigInteger.ZERO;
        for (Slot slot : underWay) {
            boolean twin = slot.operation.write() && slot.operation.state().equals(operation.state());
            if (twin && slot.operation.returned() <= operation.returned()) {
                twins = twins.setBit(slot.index);
            }
        }
        underWay.add(new Slot(index, operation, twins));
        situations = situations.map(this::simplified);
    }

    private boolean isTaken(int index) {
        return underWay.stream().anyMatch(slot -> slot.index == index);
    }

    /** An answered operation has taken effect by now. */
    private void end(Operation operation) {
        int returning = slotOf(operation).index;
        Situations explained = new Situations();
        Situations tried = new Situations();
        Deque<Situation> open = new ArrayDeque<>(situations.all());
        for (Situation situation = open.poll(); situation != null; situation = open.poll()) {
            if (situation.has(returning)) {
                explained.add(situation);
                continue;
            }
            for (Slot slot : underWay) {
                if (mayTakeEffect(slot, situation)) {
                    Situation after = simplified(afterWrite(slot, situation));
                    if (tried.add(after)) {
                        open.add(after);
                    }
                }
            }
            most = Math.max(most, tried.size() + situations.size());
            if (most > LIMIT) {
                throw new IllegalStateException("The history cannot be judged: with " + underWay.size()
                        + " operations at once on one key there are too many orders. Use more keys, or fewer clients.");
            }
        }
        if (explained.size() == 0) {
            inexplicable = operation;
        }
        release(operation, explained);
    }

    private boolean mayTakeEffect(Slot slot, Situation in) {
        if (!slot.operation.write() || in.has(slot.index)) {
            return false;
        }
        if (slot.operation.isOpen() && slot.operation.state().equals(in.state())) {
            return false;
        }
        return slot.twins.andNot(in.settled()).andNot(in.spent()).signum() == 0;
    }

    private Situation afterWrite(Slot slot, Situation before) {
        BigInteger settled = before.settled();
        for (Slot other : underWay) {
            Operation hidden = other.operation;
            if (hidden.write() && !hidden.isOpen() && isUnseen(hidden.state())) {
                settled = settled.setBit(other.index);
            }
        }
        Object state = slot.operation.state();
        return slot.operation.isOpen()
                ? new Situation(state, settled, before.spent().setBit(slot.index))
                : new Situation(state, settled.setBit(slot.index), before.spent());
    }

    /** Reads that can take effect have, and states that make no difference are one. */
    private Situation simplified(Situation situation) {
        if (isUnseen(situation.state())) {
            return new Situation(UNSEEN, situation.settled(), situation.spent());
        }
        BigInteger settled = situation.settled();
        for (Slot slot : underWay) {
            if (!slot.operation.write() && slot.operation.accepts(situation.state())) {
                settled = settled.setBit(slot.index);
            }
        }
        return new Situation(situation.state(), settled, situation.spent());
    }

    private Slot slotOf(Operation operation) {
        return underWay.stream()
                .filter(slot -> slot.operation.equals(operation))
                .findFirst()
                .orElseThrow();
    }

    /** The operation is over: whether it has taken effect is no longer part of a situation. */
    private void release(Operation operation, Situations among) {
        Slot over = slotOf(operation);
        underWay.remove(over);
        underWay.replaceAll(slot -> new Slot(slot.index, slot.operation, slot.twins.clearBit(over.index)));
        situations = among.map(situation -> simplified(new Situation(
                situation.state(),
                situation.settled().clearBit(over.index),
                situation.spent().clearBit(over.index))));
    }
}
