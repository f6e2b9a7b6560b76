// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.concurrent.atomic.AtomicReference;

/** Who may have an open object: one reader of its body, or nobody any more. */
final class OneReader {

    private enum Use {
        NONE,
        FILE,
        BODY,
        DISCARDED
    }

    private final AtomicReference<Use> use = new AtomicReference<>(Use.NONE);

    /** Takes the body; fails if it was taken or discarded before. */
    void takeBody() {
        Use before = use.compareAndExchange(Use.NONE, Use.BODY);
        if (before != Use.NONE) {
            throw new IllegalStateException(
                    before == Use.DISCARDED
                            ? "The object was discarded, by its reader or because nobody read it in time. Get it again."
                            : "The body can be read once. Get the object again.");
        }
    }

    /** Notes that the file behind the body is being read; it must still be discarded. */
    void takeFile() {
        use.compareAndSet(Use.NONE, Use.FILE);
    }

    /** Whether this call is the one that must release what is held. */
    boolean discard() {
        return use.compareAndSet(Use.NONE, Use.DISCARDED) || use.compareAndSet(Use.FILE, Use.DISCARDED);
    }

    /** As {@link #discard()}, if nothing at all has been read. */
    boolean giveUp() {
        return use.compareAndSet(Use.NONE, Use.DISCARDED);
    }
}
