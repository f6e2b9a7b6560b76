// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.RowListing;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Of all names that it is offered, in any order, the first ones after a given name: as many as fit. At least one, however
 * long.
 */
final class FirstNames<T> {

    /** What a name costs beside its characters, roughly. */
    private static final int OVERHEAD = 100;

    private final TreeMap<String, T> names = new TreeMap<>(RowListing.ORDER);
    private final String after;
    private final int room;
    private int held;
    /** The first name that did not fit; none behind it is taken any more, since one between would be missing. */
    private @Nullable String cut;

    /** @param room how much it may hold, in bytes, roughly */
    FirstNames(String after, int room) {
        this.after = after;
        this.room = room;
    }

    /** Whether a name that begins so may be among them. */
    boolean mayBeginWith(String prefix) {
        return (after.startsWith(prefix) || RowListing.ORDER.compare(prefix, after) > 0)
                && (cut == null || RowListing.ORDER.compare(prefix, cut) < 0);
    }

    void offer(String name, T value) {
        if (RowListing.ORDER.compare(name, after) <= 0 || (cut != null && RowListing.ORDER.compare(name, cut) >= 0)) {
            return;
        }
        if (names.put(name, value) == null) {
            held += cost(name);
        }
        while (held > room && names.size() > 1) {
            cut = names.pollLastEntry().getKey();
            held -= cost(cut);
        }
    }

    /** In their order. */
    Collection<T> values() {
        return names.values();
    }

    /** The name to begin after to get those that did not fit; {@code null} if all did. */
    @Nullable
    String last() {
        return cut == null ? null : names.lastKey();
    }

    private static int cost(String name) {
        return OVERHEAD + 2 * name.length();
    }
}
