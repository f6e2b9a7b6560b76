// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.micrometer.observation.ObservationRegistry;
import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigTree;
import io.terrace.config.Option;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendRole;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects what a {@link TieredObjectStore} is made of; {@link #build()} checks it. Not thread-safe. */
public final class TieredObjectStoreBuilder {

    private final StoreDraft draft = new StoreDraft();
    private TerraceRuntime runtime = TerraceRuntime.system();
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private boolean patient;
    private Rules rules = Rules.ALL;

    TieredObjectStoreBuilder() {}

    /** The tier for rows. The caller closes it. */
    public TieredObjectStoreBuilder highVolume(HighVolumeBackend backend) {
        draft.rows.use(backend);
        return this;
    }

    /** The tier for rows, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder highVolume(String name, Map<String, String> options) {
        draft.rows.choose(named(BackendRole.HIGH_VOLUME, name, options));
        return this;
    }

    /** The tier for rows, by a URL such as {@code terrace:localfs:///ssd/store}, in which no secret may be. The store closes it. */
    public TieredObjectStoreBuilder highVolume(String url) {
        draft.rows.choose(ConfigTree.of(BackendRole.HIGH_VOLUME.label(), Map.of("url", url)));
        return this;
    }

    /** The tier for blobs. The caller closes it. */
    public TieredObjectStoreBuilder longTerm(LongTermBackend backend) {
        draft.blobs.use(backend);
        return this;
    }

    /** The tier for blobs, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder longTerm(String name, Map<String, String> options) {
        draft.blobs.choose(named(BackendRole.LONG_TERM, name, options));
        return this;
    }

    /** The tier for blobs, by a URL such as {@code terrace:localfs:///disk/store?fsync=always}, in which no secret may be. The store closes it. */
    public TieredObjectStoreBuilder longTerm(String url) {
        draft.blobs.choose(ConfigTree.of(BackendRole.LONG_TERM.label(), Map.of("url", url)));
        return this;
    }

    /** The record of changes in flight. The caller closes it. */
    public TieredObjectStoreBuilder changeLog(ChangeLog backend) {
        draft.log.use(backend);
        return this;
    }

    /** The record of changes in flight, by the name of a backend on the class path and its options. The store closes it. */
    public TieredObjectStoreBuilder changeLog(String name, Map<String, String> options) {
        draft.log.choose(named(BackendRole.CHANGE_LOG, name, options));
        return this;
    }

    /** The record of changes in flight, by a URL such as {@code terrace:localfs:///ssd/store}, in which no secret may be. The store closes it. */
    public TieredObjectStoreBuilder changeLog(String url) {
        draft.log.choose(ConfigTree.of(BackendRole.CHANGE_LOG.label(), Map.of("url", url)));
        return this;
    }

    /**
     * Whatever a configuration says, as nested maps of the keys in {@code docs/configuration.md}; what it leaves out stays as it
     * is. What is wrong with it, {@link #build()} tells, with everything else.
     */
    public TieredObjectStoreBuilder configure(Map<String, ?> configuration) {
        return configure(ConfigTree.of("terrace", configuration));
    }

    /** Likewise, with variables, or with relative paths that are relative to another directory than the working one. */
    public TieredObjectStoreBuilder configure(ConfigTree configuration) {
        draft.read(configuration);
        return this;
    }

    /** Clocks, timers and ids; {@link TerraceRuntime#system()} by default. */
    public TieredObjectStoreBuilder runtime(TerraceRuntime runtime) {
        this.runtime = runtime;
        return this;
    }

    /** Objects of up to this many bytes are kept in their row; 1 MiB by default, 16 MiB at most. */
    public TieredObjectStoreBuilder inlineThreshold(int bytes) {
        return set(StoreOptions.INLINE_THRESHOLD, bytes);
    }

    /** What holds for the objects of this use case; no limits by default. A second call for the same one replaces the first. */
    public TieredObjectStoreBuilder usecase(String usecase, UsecasePolicy policy) {
        draft.set(usecase, policy);
        return this;
    }

    /**
     * How long after its first compare-and-set a write may still send one; 30 seconds by default. With ten minutes more it
     * must be shorter than the {@linkplain MarkerCollection#retention() marker retention} of the high-volume tier.
     */
    public TieredObjectStoreBuilder commitDeadline(Duration deadline) {
        return set(StoreOptions.COMMIT_DEADLINE, deadline);
    }

    /**
     * How long an upload in parts is kept that nobody touches, how long its completion may be repeated once it has begun,
     * and how long it is remembered after its end; 24 hours by default. With {@link #commitDeadline} and ten minutes more it
     * must be shorter than the {@linkplain MarkerCollection#retention() marker retention} of the high-volume tier, if the
     * long-term tier takes parts.
     */
    public TieredObjectStoreBuilder uploadWindow(Duration window) {
        return set(StoreOptions.UPLOAD_WINDOW, window);
    }

    /**
     * How long the blob of a replaced or deleted object is kept for those who are still reading it; zero by default, which
     * is right for stores that let an open reader finish.
     */
    public TieredObjectStoreBuilder deletionGrace(Duration grace) {
        return set(StoreOptions.DELETION_GRACE, grace);
    }

    /**
     * When a large object that was opened is given up because nobody reads it, or because it stands still while it is read:
     * its reader asks for nothing, or its tier sends nothing. One minute by default.
     */
    public TieredObjectStoreBuilder bodyTimeout(Duration timeout) {
        return set(StoreOptions.BODY_TIMEOUT, timeout);
    }

    /**
     * Whether the log's pins keep replaced blobs from being deleted; false by default. All stores over the same tiers must
     * agree. Costs one read of the log for each blob that is deleted.
     */
    public TieredObjectStoreBuilder honourPins(boolean honour) {
        return set(StoreOptions.PINS, honour);
    }

    /** Whether the store settles what it finds in the log when it is opened, in the background; true by default. */
    public TieredObjectStoreBuilder recoverOnOpen(boolean recover) {
        return set(StoreOptions.RECOVER_ON_OPEN, recover);
    }

    /**
     * How long after one pass of {@linkplain TieredObjectStore#maintain() maintenance} the next one begins, in the
     * background; zero, the default, for never. A pass lists the whole long-term tier and reads one row for each blob, which
     * a cloud charges for; one store of many is enough, and a day is a good interval.
     */
    public TieredObjectStoreBuilder maintainEvery(Duration interval) {
        return set(StoreOptions.MAINTENANCE_INTERVAL, interval);
    }

    /**
     * How many operations run at a time, before others wait in the {@link #queue(int, Duration) queue}; 500 by default. A get
     * of a large object runs until its body has ended or was discarded. Work behind answered operations does not count.
     */
    public TieredObjectStoreBuilder maxOperations(int operations) {
        return set(StoreOptions.PERMITS, operations);
    }

    /**
     * How many operations may wait until there is room for them, and for how long each; 512, and two seconds, by default.
     * First come, first served. With a queue of 0 whoever finds no room is refused at once. The error is an
     * {@link io.terrace.AtCapacityException}: nothing was done.
     */
    public TieredObjectStoreBuilder queue(int operations, Duration timeout) {
        return set(StoreOptions.QUEUE, operations).set(StoreOptions.QUEUE_TIMEOUT, timeout);
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
        return set(StoreOptions.OPERATION_TIMEOUT, timeout);
    }

    /**
     * The part of {@link #maxOperations} that bulk work may take, such as batches and maintenance; from 0 to 1, 0.6 by
     * default. One operation of bulk work may always run.
     */
    public TieredObjectStoreBuilder bulkShare(double share) {
        return set(StoreOptions.BULK_SHARE, share);
    }

    /**
     * How many bytes of payloads of small objects may be in memory at a time; 64 MiB by default, and at least the inline
     * threshold. A put asks for as many bytes as its payload announces, and for the inline threshold if it announces
     * nothing, before it reads any of it; it waits in the {@link #queue(int, Duration) queue} until they are free.
     */
    public TieredObjectStoreBuilder payloadBudget(long bytes) {
        return set(StoreOptions.PAYLOAD_BUDGET, bytes);
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
        patient = true;
        return this;
    }

    /** For tests that prove that a rule is needed. */
    TieredObjectStoreBuilder rules(Rules rules) {
        this.rules = rules;
        return this;
    }

    /**
     * Makes what the named tiers need before they can be opened, such as a table; opens nothing. As
     * {@link io.terrace.spi.BackendProvider#prepare} says, so it may be repeated. May block, so not for an event loop.
     *
     * @return what was done, a sentence for each role
     * @throws ConfigurationException with everything that is wrong with the configuration at once
     */
    public Map<String, String> prepare() {
        draft.check();
        return draft.prepare(runtime);
    }

    /**
     * Opens what was named and starts the store. May block, so not for an event loop.
     *
     * @throws ConfigurationException with everything that is wrong at once; what was opened is closed again
     */
    public TieredObjectStore build() {
        BackendConfig config = draft.check();
        List<Backend> owned = new ArrayList<>();
        try {
            HighVolumeBackend rows = draft.rows.open(runtime, owned);
            LongTermBackend blobs = draft.blobs.open(runtime, owned);
            ChangeLog log = draft.log.open(runtime, owned);
            Settings settings = StoreOptions.settings(config, MarkerRetention.of(rows, blobs, config));
            if (patient) {
                settings = settings.limits(settings.limits().operationTimeout(Timeouts.NEVER));
            }
            Policies byUsecase = new Policies(settings.inlineThreshold(), draft.policies());
            return new TieredObjectStore(
                    new Tiers(rows, blobs, log, runtime, settings, rules),
                    byUsecase,
                    new Observed(observations, byUsecase),
                    owned);
        } catch (RuntimeException failed) {
            owned.forEach(backend -> backend.closeLater().subscribe(nothing -> {}, failed::addSuppressed));
            throw failed;
        }
    }

    private TieredObjectStoreBuilder set(Option<?> option, Object value) {
        draft.set(option, value);
        return this;
    }

    private static ConfigTree named(BackendRole<?> role, String name, Map<String, String> options) {
        return ConfigTree.of(role.label(), Map.of("backend", name, "options", options));
    }
}
