// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a register.
 *
 * @param number its place in the order of the beginnings
 * @param label what the caller did
 * @param write whether it sets the register; if not, it reads it
 * @param state what it sets, or what it found; {@link #ABSENT} for a delete, and for a read that found nothing
 * @param invoked when it was called
 * @param returned when it was answered; {@link #OPEN} if the answer, or there being none, says nothing about its effect
 */
record Operation(long number, String label, boolean write, Object state, long invoked, long returned) {

    /** It may take effect at any time after its invocation, or never. */
    static final long OPEN = Long.MAX_VALUE;

    /** There is no value. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "nothing";
        }
    };

    /** There is a value, and the reader did not look which. */
    static final Object PRESENT = new Object() {
        @Override
        public String toString() {
            return "something";
        }
    };

    boolean isOpen() {
        return returned == OPEN;
    }

    /** Whether this read is explained by the register being in that state. */
    boolean accepts(Object register) {
        return state == PRESENT ? register != ABSENT : state.equals(register);
    }

    /** Whether the state that this write sets is one of those that were found. */
    boolean isFoundIn(Set<Object> found) {
        return found.contains(state) || (state != ABSENT && found.contains(PRESENT));
    }

    /** The same, seen at a moment when it had not been answered; {@code null} if a read would not be worth a mention. */
    @Nullable
    Operation before(long moment) {
        if (returned <= moment) {
            return this;
        }
        return write ? new Operation(number, label, true, state, invoked, OPEN) : null;
    }

    String answer() {
        if (isOpen()) {
            return "outcome unknown";
        }
        return write ? "done" : "found " + state;
    }
}
