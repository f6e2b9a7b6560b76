// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.RowListing;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The rows by storage path, each changed by compare-and-set on the row itself. */
final class RowTable {

    /**
     * What an operation decides about a row.
     *
     * @param answer what the caller learns
     * @param next the row to put in its place, or {@code null} to leave it
     * @param settles whether the change must succeed even if there is no room
     */
    record Decision<T>(T answer, @Nullable StoredRow next, boolean settles) {

        static <T> Decision<T> leave(T answer) {
            return new Decision<>(answer, null, true);
        }

        static <T> Decision<T> settle(StoredRow next, T answer) {
            return new Decision<>(answer, next, true);
        }

        static <T> Decision<T> write(StoredRow next, T answer) {
            return new Decision<>(answer, next, false);
        }
    }

    private final ConcurrentNavigableMap<String, StoredRow> rows = new ConcurrentSkipListMap<>(RowListing.ORDER);
    private final Capacity capacity;

    RowTable(long capacityBytes) {
        this.capacity = new Capacity("bytes", capacityBytes);
    }

    @Nullable
    StoredRow get(String path) {
        return rows.get(path);
    }

    /** Decides on the present row and applies that, again if the row changed in between. */
    <T> T update(String path, Function<@Nullable StoredRow, Decision<T>> rule) {
        while (true) {
            StoredRow current = rows.get(path);
            Decision<T> decision = rule.apply(current);
            StoredRow next = decision.next();
            if (next == null || replace(path, current, next, decision.settles())) {
                return decision.answer();
            }
        }
    }

    boolean remove(StoredRow row) {
        boolean removed = rows.remove(row.id().storagePath(), row);
        if (removed) {
            capacity.take(-row.bytes());
        }
        return removed;
    }

    /** Weakly consistent, as a scan has to be: a row that is there throughout appears once. */
    Flux<StoredRow> scan(String prefix, String after) {
        boolean withinPrefix = RowListing.ORDER.compare(after, prefix) >= 0;
        return Flux.fromIterable((withinPrefix ? rows.tailMap(after, false) : rows.tailMap(prefix, true)).values())
                .takeWhile(row -> row.id().storagePath().startsWith(prefix));
    }

    private boolean replace(String path, @Nullable StoredRow current, StoredRow next, boolean settles) {
        long growth = next.bytes() - (current == null ? 0 : current.bytes());
        if (settles) {
            capacity.take(growth);
        } else {
            capacity.reserve(growth);
        }
        boolean replaced = current == null ? rows.putIfAbsent(path, next) == null : rows.replace(path, current, next);
        if (!replaced) {
            capacity.take(-growth);
        }
        return replaced;
    }
}
