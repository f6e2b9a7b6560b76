// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a row expires, in microseconds since the epoch. Expiry is logical: the engine decides by it, a backend never
 * hides a row because of it.
 *
 * @param micros {@link Long#MAX_VALUE} for never, {@link Long#MIN_VALUE} for dead
 */
public record Deadline(long micros) implements Comparable<Deadline> {

    /** The row does not expire. */
    public static final Deadline NONE = new Deadline(Long.MAX_VALUE);

    /** Expired for every clock, however wrong it is: the first step of removing an expired tombstone. */
    public static final Deadline DEAD = new Deadline(Long.MIN_VALUE);

    /** What is finer than a microsecond is cut off. */
    public static Deadline at(Instant instant) {
        // Not ChronoUnit.MICROS.between, which counts nanoseconds and so overflows in the year 2262.
        long seconds = Math.multiplyExact(instant.getEpochSecond(), 1_000_000L);
        return new Deadline(Math.addExact(seconds, instant.getNano() / 1000));
    }

    /** The deadline that an object's metadata name. */
    public static Deadline of(ObjectMetadata metadata) {
        Instant expires = metadata.timeExpires();
        return expires == null ? NONE : at(expires);
    }

    public boolean isNone() {
        return micros == Long.MAX_VALUE;
    }

    public boolean isDead() {
        return micros == Long.MIN_VALUE;
    }

    /** Strictly after the deadline, as everywhere in Terrace: at the very microsecond of its deadline a row still lives. */
    public boolean isPastAt(long nowMicros) {
        return micros < nowMicros;
    }

    @Override
    public int compareTo(Deadline other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        if (isNone()) {
            return "none";
        }
        return isDead() ? "dead" : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
