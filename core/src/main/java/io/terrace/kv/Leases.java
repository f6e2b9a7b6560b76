// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this store owns of one bucket. Every change says what it expects, since calls for one key may overlap. */
final class Leases {

    private final Map<String, Lease> table = new HashMap<>();
    private boolean closed;

    /** Notes what was just written; false if that comes too late, and nobody would keep it alive. */
    synchronized boolean own(Lease lease) {
        if (!closed) {
            table.put(lease.key(), lease);
        }
        return !closed;
    }

    /** Whether that value of the key is kept alive here. */
    synchronized boolean owns(String key, WriteId writeId) {
        Lease lease = table.get(key);
        return lease != null && lease.version().writeId().equals(writeId);
    }

    synchronized List<Lease> all() {
        return new ArrayList<>(table.values());
    }

    /** Whether one more is allowed; approximately, since writes under way are not counted. */
    synchronized boolean hasRoomFor(String key, int most) {
        return table.size() < most || table.containsKey(key);
    }

    synchronized boolean holds(Lease lease) {
        return lease.equals(table.get(lease.key()));
    }

    /** Notes where the row of a lease is now; false if the lease is no longer the same. */
    synchronized boolean replace(Lease before, Lease after) {
        return table.replace(before.key(), before, after);
    }

    /** The value is somebody else's now. */
    synchronized void lost(Lease lease) {
        table.remove(lease.key(), lease);
    }

    /** The caller wants the key gone, at any revision or at that one. Before the row is: or it would be published again. */
    synchronized void release(String key, @Nullable Revision revision) {
        Lease lease = table.get(key);
        if (lease != null && (revision == null || revision.names(lease.version().writeId()))) {
            table.remove(key);
        }
    }

    /** Ends all of them; nothing is owned any more, and nothing will be. */
    synchronized List<Lease> close() {
        closed = true;
        List<Lease> rest = all();
        table.clear();
        return rest;
    }
}
