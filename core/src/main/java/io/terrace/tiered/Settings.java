// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.config.BackendConfig;
import java.time.Duration;
import java.util.Map;

/**
 * What can be set about the engine; {@link StoreOptions} checks each.
 *
 * @param inlineThreshold objects of up to this many bytes are kept in their row
 * @param commitDeadline how long after its first compare-and-set an operation may still send one
 * @param markerRetention how long backends keep a marker
 * @param uploadWindow how long an upload in parts is kept that nobody touches, and one that has ended
 * @param deletionGrace how long a replaced blob is kept for those who still read it
 * @param bodyTimeout when the body of a large object that nobody reads is given up
 * @param pins whether releases look for pins
 * @param recoverOnOpen whether a store resolves what it finds when it is opened
 * @param maintenanceInterval how long after one pass of maintenance the next one begins; zero for never
 * @param limits how much may be under way at a time
 */
record Settings(
        int inlineThreshold,
        Duration commitDeadline,
        Duration markerRetention,
        Duration uploadWindow,
        Duration deletionGrace,
        Duration bodyTimeout,
        boolean pins,
        boolean recoverOnOpen,
        Duration maintenanceInterval,
        Limits limits) {

    /** Compare-and-sets per operation. A value write by somebody else ends the loop at once, so only bumps use these up. */
    static final int COMMIT_ATTEMPTS = 5;

    /** How often a fence is tried before an entry is left for later. */
    static final int FENCE_ATTEMPTS = 8;

    /** How often a reader starts over because the row it read was replaced and its blob deleted. */
    static final int READ_ATTEMPTS = 8;

    /** How often a large read is resumed without having got a single byte, and how often altogether. */
    static final int RESUMES_WITHOUT_PROGRESS = 3;

    static final int RESUMES = 64;

    /** Pieces of work that run behind answered operations. Beyond it, work is left to the next recovery. */
    static final int BACKGROUND_LIMIT = 1024;

    /** Entries or blobs that recovery, sweep and inspection work on at a time. */
    static final int MAINTENANCE_CONCURRENCY = 8;

    /** How far the clocks of a system may be apart: an expired object is removed only when all of them agree that it is. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /** What the marker retention must leave beyond the commit deadline: clock skew and the landing of a last request. */
    static final Duration MARKER_MARGIN = Duration.ofMinutes(10);

    /** How long markers are kept by a backend that does not say. */
    static final Duration DEFAULT_RETENTION = Duration.ofHours(25);

    static final Settings DEFAULTS =
            StoreOptions.settings(BackendConfig.of("the store", StoreOptions.SCHEMA, Map.of()), DEFAULT_RETENTION);

    Settings limits(Limits others) {
        return new Settings(
                inlineThreshold,
                commitDeadline,
                markerRetention,
                uploadWindow,
                deletionGrace,
                bodyTimeout,
                pins,
                recoverOnOpen,
                maintenanceInterval,
                others);
    }

    Duration maxChangeAge() {
        return markerRetention.minus(commitDeadline).minus(MARKER_MARGIN);
    }
}
