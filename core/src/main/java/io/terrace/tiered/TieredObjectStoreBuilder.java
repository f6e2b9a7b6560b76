// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.micrometer.observation.ObservationRegistry;
import io.terrace.ConfigurationException;
import io.terrace.ObjectContext;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link TieredObjectStore} is made of; {@link #build()} checks it. Not thread-safe. */
public final class TieredObjectStoreBuilder {

    /** Metadata and payload of a row, and what stores allow per cell or request, stay far below their limits with this. */
    private static final int MAX_INLINE_THRESHOLD = 16 * 1024 * 1024;

    private @Nullable Part<HighVolumeBackend> rows;
    private @Nullable Part<LongTermBackend> blobs;
    private @Nullable Part<ChangeLog> log;
    private TerraceRuntime runtime = TerraceRuntime.system();
    private int inlineThreshold = Settings.DEFAULTS.inlineThreshold();
    private Duration commitDeadline = Settings.DEFAULTS.commitDeadline();
    private Duration uploadWindow = Settings.DEFAULTS.uploadWindow();
    private Duration deletionGrace = Settings.DEFAULTS.deletionGrace();
    private Duration bodyTimeout = Settings.DEFAULTS.bodyTimeout();
    private boolean pins = Settings.DEFAULTS.pins();
    private Limits limits = Limits.DEFAULTS;
    private final Map<String, UsecasePolicy> policies = new TreeMap<>();
    private boolean recoverOnOpen = Settings.DEFAULTS.recoverOnOpen();
    private Duration maintenanceInterval = Settings.DEFAULTS.maintenanceInterval();
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private Rules rules = Rules.ALL;

    /** How one backend is come by, and whether the store closes it. */
    private record Part<B extends Backend>(Function<TerraceRuntime, B> open, boolean owned) {}

    TieredObjectStoreBuilder() {}

    /** The tier for rows. The caller closes it. */
    public TieredObjectStoreBuilder highVolume(HighVolumeBackend backend) {
        rows = new Part<>(runtime -> backend, false);
        return this;
    }

    /** The tier for rows, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder highVolume(String name, Map<String, String> options) {
        rows = named(BackendRole.HIGH_VOLUME, name, options);
        return this;
    }

    /** The tier for blobs. The caller closes it. */
    public TieredObjectStoreBuilder longTerm(LongTermBackend backend) {
        blobs = new Part<>(runtime -> backend, false);
        return this;
    }

    /** The tier for blobs, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder longTerm(String name, Map<String, String> options) {
        blobs = named(BackendRole.LONG_TERM, name, options);
        return this;
    }

    /** The record of changes in flight. The caller closes it. */
    public TieredObjectStoreBuilder changeLog(ChangeLog backend) {
        log = new Part<>(runtime -> backend, false);
        return this;
    }

    /** The record of changes in flight, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder changeLog(String name, Map<String, String> options) {
        log = named(BackendRole.CHANGE_LOG, name, options);
        return this;
    }

    /** Clocks, timers and ids; {@link TerraceRuntime#system()} by default. */
    public TieredObjectStoreBuilder runtime(TerraceRuntime runtime) {
        this.runtime = runtime;
        return this;
    }

    /** Objects of up to this many bytes are kept in their row; 1 MiB by default, 16 MiB at most. */
    public TieredObjectStoreBuilder inlineThreshold(int bytes) {
        this.inlineThreshold = bytes;
        return this;
    }

    /** What holds for the objects of this use case; no limits by default. A second call for the same one replaces the first. */
    public TieredObjectStoreBuilder usecase(String usecase, UsecasePolicy policy) {
        policies.put(ObjectContext.of(usecase).usecase(), policy);
        return this;
    }

    /**
     * How long after its first compare-and-set a write may still send one; 30 seconds by default. With ten minutes more it
     * must be shorter than the {@linkplain MarkerCollection#retention() marker retention} of the high-volume tier.
     */
    public TieredObjectStoreBuilder commitDeadline(Duration deadline) {
        this.commitDeadline = deadline;
        return this;
    }

    /**
     * How long an upload in parts is kept that nobody touches, how long its completion may be repeated once it has begun,
     * and how long it is remembered after its end; 24 hours by default. With {@link #commitDeadline} and ten minutes more it
     * must be shorter than the {@linkplain MarkerCollection#retention() marker retention} of the high-volume tier, if the
     * long-term tier takes parts.
     */
    public TieredObjectStoreBuilder uploadWindow(Duration window) {
        this.uploadWindow = window;
        return this;
    }

    /**
     * How long the blob of a replaced or deleted object is kept for those who are still reading it; zero by default, which
     * is right for stores that let an open reader finish.
     */
    public TieredObjectStoreBuilder deletionGrace(Duration grace) {
        this.deletionGrace = grace;
        return this;
    }

    /**
     * When a large object that was opened is given up because nobody reads it, or because it stands still while it is read:
     * its reader asks for nothing, or its tier sends nothing. One minute by default.
     */
    public TieredObjectStoreBuilder bodyTimeout(Duration timeout) {
        this.bodyTimeout = timeout;
        return this;
    }

    /**
     * Whether the log's pins keep replaced blobs from being deleted; false by default. All stores over the same tiers must
     * agree. Costs one read of the log for each blob that is deleted.
     */
    public TieredObjectStoreBuilder honourPins(boolean honour) {
        this.pins = honour;
        return this;
    }

    /** Whether the store settles what it finds in the log when it is opened, in the background; true by default. */
    public TieredObjectStoreBuilder recoverOnOpen(boolean recover) {
        this.recoverOnOpen = recover;
        return this;
    }

    /**
     * How long after one pass of {@linkplain TieredObjectStore#maintain() maintenance} the next one begins, in the
     * background; zero, the default, for never. A pass lists the whole long-term tier and reads one row for each blob, which
     * a cloud charges for; one store of many is enough, and a day is a good interval.
     */
    public TieredObjectStoreBuilder maintainEvery(Duration interval) {
        this.maintenanceInterval = interval;
        return this;
    }

    /**
     * How many operations run at a time, before others wait in the {@link #queue(int, Duration) queue}; 500 by default. A get
     * of a large object runs until its body has ended or was discarded. Work behind answered operations does not count.
     */
    public TieredObjectStoreBuilder maxOperations(int operations) {
        limits = limits.operations(operations);
        return this;
    }

    /**
     * How many operations may wait until there is room for them, and for how long each; 512, and two seconds, by default.
     * First come, first served. With a queue of 0 whoever finds no room is refused at once. The error is an
     * {@link io.terrace.AtCapacityException}: nothing was done.
     */
    public TieredObjectStoreBuilder queue(int operations, Duration timeout) {
        limits = limits.queue(operations, timeout);
        return this;
    }

    /**
     * How long an operation may go unanswered, from its subscription on, its wait in the queue included; one minute by
     * default. A payload that is streamed starts the time again with each buffer, so a put ends when its payload stands still
     * for as long; one that is in memory as a whole does not, so allow for the upload of the largest of these.
     *
     * <p>A read, and a write before its commit point, ends with a {@link io.terrace.DeadlineExceededException} and nothing is
     * done; a write after it with an {@link io.terrace.OutcomeUnknownException}, and it is completed in the background, or
     * after as long again left to {@link TieredObjectStore#recover() recovery}.
     */
    public TieredObjectStoreBuilder operationTimeout(Duration timeout) {
        limits = limits.operationTimeout(timeout);
        return this;
    }

    /**
     * The part of {@link #maxOperations} that bulk work may take, such as batches and maintenance; from 0 to 1, 0.6 by
     * default. One operation of bulk work may always run.
     */
    public TieredObjectStoreBuilder bulkShare(double share) {
        limits = limits.bulkShare(share);
        return this;
    }

    /**
     * How many bytes of payloads of small objects may be in memory at a time; 64 MiB by default, and at least the inline
     * threshold. A put asks for as many bytes as its payload announces, and for the inline threshold if it announces
     * nothing, before it reads any of it; it waits in the {@link #queue(int, Duration) queue} until they are free.
     */
    public TieredObjectStoreBuilder payloadBudget(long bytes) {
        limits = limits.payloadBytes(bytes);
        return this;
    }

    /**
     * Who is told of each operation and each pass of maintenance; nobody by default, which costs nothing. An observation is a
     * child of the one in the Reactor context of its subscriber, under {@code micrometer.observation}, or else of the current
     * one of the subscribing thread, and is put into that context for tiers and payloads. It ends with the answer: that of a
     * get before the body is read.
     *
     * <p>{@code docs/metrics.md} lists names and tags. Of an object none tells more than its use case, and that only if
     * {@link #usecase(String, UsecasePolicy) usecase} was called for it. The error of a failed operation is attached as the
     * caller gets it, and its message may name the object. An observer that fails is logged and harms no operation; it must
     * not block.
     */
    public TieredObjectStoreBuilder observations(ObservationRegistry registry) {
        this.observations = registry;
        return this;
    }

    /** For the simulation, whose clock jumps from one timer to the next, however far that is. */
    TieredObjectStoreBuilder withoutOperationTimeout() {
        limits = limits.operationTimeout(Timeouts.NEVER);
        return this;
    }

    /** For tests that prove that a rule is needed. */
    TieredObjectStoreBuilder rules(Rules rules) {
        this.rules = rules;
        return this;
    }

    /**
     * Opens what was named and starts the store. May block, so not for an event loop.
     *
     * @throws ConfigurationException with everything that is wrong at once; what was opened is closed again
     */
    public TieredObjectStore build() {
        List<String> problems = new ArrayList<>();
        check(problems, rows != null, "the high-volume tier is missing: call highVolume(...)");
        check(problems, blobs != null, "the long-term tier is missing: call longTerm(...)");
        check(problems, log != null, "the change log is missing: call changeLog(...)");
        check(
                problems,
                inlineThreshold >= 0 && inlineThreshold <= MAX_INLINE_THRESHOLD,
                "inlineThreshold is " + inlineThreshold + ", but must be from 0 to " + MAX_INLINE_THRESHOLD + " bytes");
        check(
                problems,
                commitDeadline.compareTo(Duration.ZERO) > 0,
                "commitDeadline is " + commitDeadline + ", but must be longer than zero");
        check(
                problems,
                uploadWindow.compareTo(Duration.ZERO) > 0,
                "uploadWindow is " + uploadWindow + ", but must be longer than zero");
        check(
                problems,
                !deletionGrace.isNegative(),
                "deletionGrace is " + deletionGrace + ", but must not be negative");
        check(
                problems,
                bodyTimeout.compareTo(Duration.ZERO) > 0,
                "bodyTimeout is " + bodyTimeout + ", but must be longer than zero");
        check(
                problems,
                !maintenanceInterval.isNegative(),
                "maintainEvery is " + maintenanceInterval + ", but must not be negative; zero means never");
        limits.check(problems, inlineThreshold);
        policies.forEach((usecase, policy) -> check(
                problems,
                policy.inlineThreshold(inlineThreshold) <= inlineThreshold,
                "the policy of the use case '" + usecase + "' has an inlineThreshold of "
                        + policy.inlineThreshold(inlineThreshold) + ", but the store's is " + inlineThreshold
                        + "; raise that one, and lower it for the other use cases"));
        if (rows == null || blobs == null || log == null || !problems.isEmpty()) {
            throw new ConfigurationException("The store cannot be built: " + String.join("; ", problems) + ".");
        }
        return open(rows, blobs, log);
    }

    private TieredObjectStore open(Part<HighVolumeBackend> rows, Part<LongTermBackend> blobs, Part<ChangeLog> log) {
        List<Backend> owned = new ArrayList<>();
        try {
            HighVolumeBackend openRows = open(rows, owned);
            LongTermBackend openBlobs = open(blobs, owned);
            ChangeLog openLog = open(log, owned);
            Settings settings = new Settings(
                    inlineThreshold,
                    commitDeadline,
                    markerRetention(openRows, openBlobs),
                    uploadWindow,
                    deletionGrace,
                    bodyTimeout,
                    pins,
                    recoverOnOpen,
                    maintenanceInterval,
                    limits);
            Policies byUsecase = new Policies(inlineThreshold, policies);
            return new TieredObjectStore(
                    new Tiers(openRows, openBlobs, openLog, runtime, settings, rules),
                    byUsecase,
                    new Observed(observations, byUsecase),
                    owned);
        } catch (RuntimeException failed) {
            owned.forEach(backend -> backend.closeLater().subscribe(nothing -> {}, failed::addSuppressed));
            throw failed;
        }
    }

    /** R13: a marker outlives every compare-and-set that could mistake its absence for "never written". */
    private Duration markerRetention(HighVolumeBackend backend, LongTermBackend blobs) {
        Duration retention = backend.facet(MarkerCollection.class)
                .map(MarkerCollection::retention)
                .orElse(Settings.DEFAULTS.markerRetention());
        Duration least = commitDeadline.plus(Settings.MARKER_MARGIN);
        if (retention.compareTo(least) < 0) {
            throw new ConfigurationException("The backend '" + backend.name() + "' keeps markers for " + retention
                    + ", but with a commit deadline of " + commitDeadline + " it must keep them for at least " + least
                    + ". Raise the marker retention of the backend, or lower commitDeadline.");
        }
        Duration leastForUploads = least.plus(uploadWindow);
        if (retention.compareTo(leastForUploads) < 0
                && blobs.facet(MultipartUploads.class).isPresent()) {
            throw new ConfigurationException("The backend '" + backend.name() + "' keeps markers for " + retention
                    + ", but with an upload window of " + uploadWindow + " and a commit deadline of " + commitDeadline
                    + " it must keep them for at least " + leastForUploads
                    + ". Raise the marker retention of the backend, or lower uploadWindow.");
        }
        return retention;
    }

    private <B extends Backend> B open(Part<B> part, List<Backend> owned) {
        B backend = part.open().apply(runtime);
        if (part.owned()) {
            owned.add(backend);
        }
        return backend;
    }

    private static <B extends Backend> Part<B> named(BackendRole<B> role, String name, Map<String, String> options) {
        return new Part<>(runtime -> Backends.open(role, name, options, runtime), true);
    }

    private static void check(List<String> problems, boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
