// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;

/** What the key holds at first. */
record Start(String name, Row row) {

    static final Start ABSENT = new Start("absent", Row.ABSENT);
    static final Start INLINE = new Start("inline", Row.of(Row.Kind.INLINE, "0", "v0"));
    static final Start TOMBSTONE = new Start("tombstone", tombstone(Row.NEVER));
    static final Start EXPIRED = new Start("expired", tombstone(0));

    /** Expires at tick 1. */
    static final Start EXPIRING = new Start("expiring", tombstone(1));

    /** Expires at tick 3. */
    static final Start LATER = new Start("expiring later", tombstone(3));

    static final Start MARKER = new Start("marker", Row.of(Row.Kind.MARKER, "0", null));

    /** What the bump of an absent row left, long ago. */
    static final Start BUMPED = new Start("bumped", Row.ABSENT.bumped().withBump(1));

    static final List<Start> USUAL = List.of(ABSENT, INLINE, TOMBSTONE, EXPIRED);

    private static Row tombstone(int deadline) {
        return Row.of(Row.Kind.TOMBSTONE, "0", Row.blob("v0")).withDeadline(deadline);
    }

    @Override
    public String toString() {
        return name;
    }
}
