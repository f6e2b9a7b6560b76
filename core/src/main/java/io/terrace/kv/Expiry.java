// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.RowVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which entries had no sign of life for as long as the time to live, as far as this observer has seen, by its own monotonic
 * clock. No clock is compared with another one's, and nothing is concluded from before the first look.
 *
 * <p>Time counts from look to look, and of a gap that is longer than looks are apart only a part counts: an observer that
 * stood still knows nothing of what happened meanwhile, and the owners may have stood still with it.
 */
final class Expiry {

    private final long ttlNanos;
    private final long mostGapNanos;
    private Map<String, Seen> seen = new HashMap<>();
    private long lastBegan;

    Expiry(Duration timeToLive, Duration pollInterval) {
        this.ttlNanos = timeToLive.toNanos();
        this.mostGapNanos = pollInterval.toNanos() * 2;
    }

    /**
     * The entries that have expired, each with the version at which it must be removed, or not at all.
     *
     * @param began when the look began, by the monotonic clock; looks do not overlap
     * @param ended when it ended
     */
    Map<String, RowVersion> expired(Snapshot snapshot, long began, long ended) {
        long gap = Math.min(began - lastBegan, mostGapNanos);
        Map<String, Seen> next = new HashMap<>();
        Map<String, RowVersion> expired = new LinkedHashMap<>();
        snapshot.versions().forEach((key, version) -> {
            Seen before = seen.get(key);
            // A version that is new may have been seen at the end of the look, so the time of the look does not count.
            long unchanged = before != null && before.version().equals(version)
                    ? before.nanos() + gap
                    : -Math.min(ended - began, mostGapNanos);
            next.put(key, new Seen(version, unchanged));
            if (unchanged >= ttlNanos) {
                expired.put(key, version);
            }
        });
        seen = next;
        lastBegan = began;
        return expired;
    }

    /**
     * A version, and how long it is known to be unchanged.
     *
     * @param version write id and bumps
     * @param nanos nanoseconds
     */
    private record Seen(RowVersion version, long nanos) {}
}
