// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static java.util.concurrent.TimeUnit.HOURS;

import io.terrace.ObjectMetadata;
import io.terrace.spi.RowFrame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a cell is, and so until when the store keeps it: its timestamp is when it may go, in the family that expires; in
 * the other one it means nothing.
 *
 * @param timestampMicros whole milliseconds, as the store requires
 */
record Place(String family, long timestampMicros) {

    /** A writer's clock sets the time, and the store's clock compares with it. */
    static final long SKEW_MICROS = HOURS.toMicros(1);

    private static final Duration MAX_SLACK = Duration.ofDays(90);
    private static final long MAX_SLACK_MICROS = MAX_SLACK.toMillis() * 1000;

    /** Far beyond any date, and far enough from the largest number to add to it. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    /** Of a head that may be removed from then on, {@link RowFrame#NEVER} included. */
    static Place ofHead(long collectAtMicros, long nowMicros) {
        return collectAtMicros >= FOREVER
                ? new Place(Cells.LASTING, millisBefore(nowMicros))
                : new Place(Cells.EXPIRING, millisAfter(collectAtMicros + SKEW_MICROS));
    }

    /**
     * Of the payload below this head. One whose deadline slides gets some time more, so that the next bumps need not move it:
     * a timestamp is changed by writing the value again.
     */
    Place ofPayload(@Nullable ObjectMetadata metadata) {
        if (family.equals(Cells.LASTING) || metadata == null) {
            return this;
        }
        long slack = metadata.expiration().fold(() -> 0L, ttl -> 0L, Place::slackOf);
        return new Place(family, millisAfter(timestampMicros + slack));
    }

    /** Whether a cell here stays as long as one there, and goes at some time if that one does. */
    boolean keepsPaceWith(Place head) {
        return family.equals(head.family) && (family.equals(Cells.LASTING) || timestampMicros >= head.timestampMicros);
    }

    private static long slackOf(Duration idle) {
        return idle.compareTo(MAX_SLACK) >= 0 ? MAX_SLACK_MICROS : Math.min(MAX_SLACK_MICROS, idle.toMillis() * 4000);
    }

    private static long millisBefore(long micros) {
        return Math.floorDiv(micros, 1000L) * 1000;
    }

    private static long millisAfter(long micros) {
        return -Math.floorDiv(-micros, 1000L) * 1000;
    }
}
