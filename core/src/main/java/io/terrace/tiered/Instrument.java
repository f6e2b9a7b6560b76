// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a store tells about itself, by name: observations, which become timers and spans, and gauges. What is not
 * here is not told; {@code docs/metrics.md} is made from it.
 */
@SuppressWarnings("ImmutableEnumChecker") // immutable lists, and functions without state
enum Instrument {
    OPERATION(
            "terrace.operation",
            "An operation of a caller, from its subscription to its answer, waiting for room included.",
            TagKey.OPERATION,
            TagKey.USECASE,
            TagKey.TIER,
            TagKey.OUTCOME,
            TagKey.CODE),
    MAINTENANCE(
            "terrace.maintenance",
            "A pass over the store, asked for or begun by the store itself.",
            TagKey.OPERATION,
            TagKey.OUTCOME,
            TagKey.CODE),

    PERMITS_USED(
            "terrace.permits.used",
            "operations",
            "Operations that run. A get of a large object runs until its body has ended.",
            List.of(TagKey.SHARE),
            series(store -> store.admission().operations().taken(), "all"),
            series(store -> store.admission().bulk().taken(), "bulk")),
    PERMITS_LIMIT(
            "terrace.permits.limit",
            "operations",
            "How many may run: `maxOperations`, and the `bulkShare` of it.",
            List.of(TagKey.SHARE),
            series(store -> store.admission().operations().limit(), "all"),
            series(store -> store.admission().bulk().limit(), "bulk")),
    WAITING(
            "terrace.waiting",
            "operations",
            "Operations that wait for room.",
            List.of(TagKey.AWAITED),
            series(store -> store.admission().operations().queued(), "all"),
            series(store -> store.admission().bulk().queued(), "bulk"),
            series(store -> store.admission().payloads().queued(), "payload")),
    PAYLOAD_USED(
            "terrace.payload.used",
            "bytes",
            "What small payloads in memory have reserved.",
            List.of(),
            series(store -> store.admission().payloads().taken())),
    PAYLOAD_BUDGET(
            "terrace.payload.budget",
            "bytes",
            "How much they may: `payloadBudget`.",
            List.of(),
            series(store -> store.admission().payloads().limit())),
    ACTIVE(
            "terrace.active",
            "operations",
            "Everything that has not ended, and that a close waits for: operations that run or wait, open bodies, "
                    + "maintenance, and work behind answers.",
            List.of(),
            series(store -> store.operations().active())),
    BEHIND_ANSWERS(
            "terrace.behind.answers",
            "operations",
            "Work behind answered operations, such as deleting the blob of a replaced object. "
                    + "What comes on top of " + Settings.BACKGROUND_LIMIT + " is left to recovery.",
            List.of(),
            series(store -> store.operations().behindAnswers())),
    BACKLOG(
            "terrace.backlog",
            "operations",
            "Work that this store left to recovery, and that no recovery without a failure has been through since.",
            List.of(),
            series(store -> store.operations().backlog())),

    PASS_ENDED(
            "terrace.pass.ended",
            "seconds",
            "When the last pass ended, in seconds since 1970; not a number if there was none.",
            List.of(TagKey.PASS),
            series(store -> store.recovery().last().endedSeconds(), "recover"),
            series(store -> store.maintenance().lastSweep().endedSeconds(), "sweep"),
            series(store -> store.maintenance().last().endedSeconds(), "maintain")),
    PASS_SUCCEEDED(
            "terrace.pass.succeeded",
            null,
            "1 if the last pass got to its end, 0 if it failed; not a number if there was none.",
            List.of(TagKey.PASS),
            series(store -> store.recovery().last().succeeded(), "recover"),
            series(store -> store.maintenance().lastSweep().succeeded(), "sweep"),
            series(store -> store.maintenance().last().succeeded(), "maintain")),
    PASS_RESULT(
            "terrace.pass.result",
            null,
            "What the last pass that got to its end reported; not a number if there was none.",
            List.of(TagKey.PASS, TagKey.RESULT),
            series(store -> store.recovery().last().count(RecoveryReport::settled), "recover", "settled"),
            series(store -> store.recovery().last().count(RecoveryReport::pinned), "recover", "pinned"),
            series(store -> store.recovery().last().count(RecoveryReport::failed), "recover", "failed"),
            series(store -> store.maintenance().lastSweep().count(SweepReport::kept), "sweep", "kept"),
            series(store -> store.maintenance().lastSweep().count(SweepReport::deleted), "sweep", "deleted"),
            series(store -> store.maintenance().lastSweep().count(SweepReport::expired), "sweep", "expired"),
            series(store -> store.maintenance().lastSweep().count(SweepReport::pinned), "sweep", "pinned"),
            series(store -> store.maintenance().lastSweep().count(SweepReport::failed), "sweep", "failed"),
            series(store -> store.maintenance().last().count(MaintenanceReport::rows), "maintain", "rows"));

    /** One line of a gauge: the values of its tags, in the order of their keys, and where its number is. */
    record Series(List<String> values, ToDoubleFunction<Watched> read) {}

    private final String label;
    private final @Nullable String unit;
    private final String meaning;
    private final List<TagKey> tags;
    private final List<Series> series;

    /** An observation. */
    Instrument(String label, String meaning, TagKey... tags) {
        this(label, null, meaning, List.of(tags));
    }

    /** A gauge. */
    Instrument(String label, @Nullable String unit, String meaning, List<TagKey> tags, Series... series) {
        this.label = label;
        this.unit = unit;
        this.meaning = meaning;
        this.tags = tags;
        this.series = List.of(series);
    }

    private static Series series(ToDoubleFunction<Watched> read, String... values) {
        return new Series(List.of(values), read);
    }

    String label() {
        return label;
    }

    @Nullable
    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }

    List<TagKey> tags() {
        return tags;
    }

    /** None for an observation. */
    List<Series> series() {
        return series;
    }
}
