// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.time.Duration;

/** What can be set about a store: the one table behind the builder, maps and files. {@link Settings} says what is made of it. */
final class StoreOptions {

    private static final Duration CENTURY = Duration.ofDays(36500);

    static final Option<Long> INLINE_THRESHOLD = Option.size(
                    "inline-threshold", 1L << 20, "Objects of up to this many bytes are kept in their row.")
            // Metadata and payload of a row, and what stores allow per cell or request, stay far below their limits
            // with it.
            .where(bytes -> bytes <= 16L << 20, "at most 16MiB");
    static final Option<Duration> COMMIT_DEADLINE = lasting(Option.duration(
            "commit-deadline",
            Duration.ofSeconds(30),
            "How long after its first compare-and-set a write may send another."));
    static final Option<Duration> UPLOAD_WINDOW = lasting(Option.duration(
            "upload-window",
            Duration.ofHours(24),
            "How long an upload in parts is kept that nobody touches, its completion may be repeated, and its end is "
                    + "remembered."));
    static final Option<Duration> DELETION_GRACE = Option.duration(
                    "deletion-grace", Duration.ZERO, "How long a replaced blob is kept for those who still read it.")
            .where(time -> time.compareTo(CENTURY) <= 0, "at most 36500d");
    static final Option<Duration> BODY_TIMEOUT = lasting(Option.duration(
            "body-timeout",
            Duration.ofMinutes(1),
            "When an opened large object is given up because nobody reads it, or because it stands still while it is "
                    + "read."));
    static final Option<Duration> OPERATION_TIMEOUT = Option.duration(
                    "operation-timeout",
                    Duration.ofMinutes(1),
                    "How long an operation may go unanswered; each buffer of a streamed payload starts it again.")
            .where(
                    time -> !time.isZero() && time.compareTo(CallOptions.LONGEST) <= 0,
                    "longer than zero and at most 1d");
    static final Option<Boolean> PINS = Option.flag(
            "pins",
            false,
            "Whether pins keep replaced blobs; all stores over the same tiers must agree, and each deleted blob costs a read.");
    static final Option<Boolean> RECOVER_ON_OPEN = Option.flag(
            "recover-on-open", true, "Whether a store settles what a dead one left, in the background, when it opens.");
    static final Option<Duration> MAINTENANCE_INTERVAL = Option.duration(
                    "maintenance-interval",
                    Duration.ZERO,
                    "How long after one pass of maintenance the next one begins, in the background; zero for never.")
            .where(time -> time.compareTo(CENTURY) <= 0, "at most 36500d");

    static final Option<Integer> PERMITS = Option.integer(
            "admission.permits",
            500,
            1,
            "How many operations run at a time; a get of a large object runs until its body has ended.");
    static final Option<Integer> QUEUE = Option.integer(
            "admission.queue",
            512,
            0,
            "How many operations may wait until there is room; with 0, whoever finds none is refused at once.");
    static final Option<Duration> QUEUE_TIMEOUT = Option.duration(
                    "admission.queue-timeout", Duration.ofSeconds(2), "How long each of them may wait.")
            .where(time -> time.compareTo(CallOptions.LONGEST) <= 0, "at most 1d");
    static final Option<Double> BULK_SHARE = Option.number(
                    "admission.bulk-share",
                    0.6,
                    "The part of the permits that bulk work may take, such as maintenance; one operation may always run.")
            .where(share -> share >= 0 && share <= 1, "from 0 to 1");
    static final Option<Long> PAYLOAD_BUDGET = Option.size(
            "admission.payload-budget",
            64L << 20,
            "How many bytes of small payloads may be in memory at a time; at least the inline threshold.");

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            INLINE_THRESHOLD,
            COMMIT_DEADLINE,
            UPLOAD_WINDOW,
            DELETION_GRACE,
            BODY_TIMEOUT,
            OPERATION_TIMEOUT,
            PINS,
            RECOVER_ON_OPEN,
            MAINTENANCE_INTERVAL,
            PERMITS,
            QUEUE,
            QUEUE_TIMEOUT,
            BULK_SHARE,
            PAYLOAD_BUDGET);

    private StoreOptions() {}

    private static Option<Duration> lasting(Option<Duration> option) {
        return option.where(
                time -> !time.isZero() && time.compareTo(CENTURY) <= 0, "longer than zero and at most 36500d");
    }

    /** Adds what is wrong with several of them together. */
    static void check(BackendConfig config, ConfigProblems problems) {
        config.find(PAYLOAD_BUDGET).ifPresent(budget -> config.find(INLINE_THRESHOLD)
                .filter(threshold -> budget < threshold)
                .ifPresent(threshold -> problems.add(
                        "",
                        "option '" + PAYLOAD_BUDGET + "' is " + budget + " bytes, but must be at least '"
                                + INLINE_THRESHOLD + "', which is " + threshold)));
    }

    static Settings settings(BackendConfig config, Duration markerRetention) {
        return new Settings(
                Math.toIntExact(config.get(INLINE_THRESHOLD)),
                config.get(COMMIT_DEADLINE),
                markerRetention,
                config.get(UPLOAD_WINDOW),
                config.get(DELETION_GRACE),
                config.get(BODY_TIMEOUT),
                config.get(PINS),
                config.get(RECOVER_ON_OPEN),
                config.get(MAINTENANCE_INTERVAL),
                new Limits(
                        config.get(PERMITS),
                        config.get(QUEUE),
                        config.get(QUEUE_TIMEOUT),
                        config.get(BULK_SHARE),
                        config.get(PAYLOAD_BUDGET),
                        config.get(OPERATION_TIMEOUT)));
    }
}
