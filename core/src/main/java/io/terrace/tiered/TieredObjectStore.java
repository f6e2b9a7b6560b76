// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BatchOperation;
import io.terrace.BatchResult;
import io.terrace.BulkProgress;
import io.terrace.CallOptions;
import io.terrace.GetOptions;
import io.terrace.Health;
import io.terrace.MetadataPatch;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.ObjectUploads;
import io.terrace.Page;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PutOptions;
import io.terrace.StoredObject;
import io.terrace.config.ConfigSchema;
import io.terrace.spi.Backend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An {@link ObjectStore} over two tiers: objects of up to the inline threshold lie in a row of the high-volume tier, larger
 * ones in a blob of the long-term tier that the row points to.
 *
 * <p>All state is in the tiers and the change log. An instance that dies at any moment leaves at most entries in the log,
 * which the next {@link #recover() recovery} settles; nothing that was acknowledged is lost by that, and nothing is
 * deleted that a row points to.
 */
public final class TieredObjectStore implements ObjectStore {

    private final Tiers tiers;
    private final Policies policies;
    private final List<Backend> owned;
    private final Observed observed;
    private final Operations operations;
    private final PutObject puts;
    private final SmallWrite deletes;
    private final ReadObject reads;
    private final UpdateMetadata updates;
    private final Uploads uploads;
    private final Recovery recovery;
    private final Maintenance maintenance;
    private final Watched watched;
    private final AtomicReference<@Nullable Mono<Void>> closing = new AtomicReference<>();

    TieredObjectStore(Tiers tiers, Policies policies, Observed observed, List<Backend> owned) {
        this.tiers = tiers;
        this.policies = policies;
        this.observed = observed;
        this.owned = List.copyOf(owned);
        this.operations = new Operations(tiers.runtime(), tiers.settings().limits());
        this.deletes = new SmallWrite(tiers, operations);
        this.puts = new PutObject(tiers, policies, deletes, new LargeWrite(tiers, operations));
        this.reads = new ReadObject(tiers, operations);
        this.updates = new UpdateMetadata(tiers, policies);
        this.uploads = new Uploads(tiers, operations, policies, observed);
        this.recovery = new Recovery(tiers, operations, observed);
        this.maintenance = new Maintenance(tiers, operations, recovery, observed);
        this.watched = new Watched(operations, recovery, maintenance);
        operations.onBacklog(recovery::later);
        if (tiers.settings().recoverOnOpen()) {
            recovery.start();
        }
        maintenance.start();
    }

    /** Starts with the defaults; the two tiers and the change log must be named. */
    public static TieredObjectStoreBuilder builder() {
        return new TieredObjectStoreBuilder();
    }

    /** The options of a store, for whoever configures one by text. The part of a name before a dot is a section. */
    public static ConfigSchema options() {
        return StoreOptions.SCHEMA;
    }

    @Override
    public Mono<ObjectInfo> put(ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(options, "options");
        return observed.mono(
                Operation.PUT,
                id.context(),
                RunToCompletion.of(
                        operations,
                        PutObject.bytesInMemory(payload, policies.inlineThreshold(id.context())),
                        point -> puts.put(id, metadata, payload, options, point)));
    }

    @Override
    public Mono<StoredObject> get(ObjectId id, GetOptions options) {
        Objects.requireNonNull(id, "id");
        return observed.mono(
                Operation.GET, id.context(), RunToAnswer.of(operations, () -> reads.get(id, options.range())));
    }

    @Override
    public Mono<ObjectInfo> head(ObjectId id) {
        Objects.requireNonNull(id, "id");
        return observed.mono(Operation.HEAD, id.context(), RunToAnswer.of(operations, () -> reads.head(id)));
    }

    @Override
    public Mono<Void> delete(ObjectId id, Precondition precondition) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(precondition, "precondition");
        return observed.mono(
                Operation.DELETE,
                id.context(),
                RunToCompletion.of(operations, 0, point -> deletes.delete(id, precondition, point)));
    }

    @Override
    public Mono<ObjectInfo> updateMetadata(ObjectId id, MetadataPatch patch, Precondition precondition) {
        Condition condition = new Condition(Objects.requireNonNull(id, "id"), precondition);
        Objects.requireNonNull(patch, "patch");
        Objects.requireNonNull(precondition, "precondition");
        return observed.mono(
                Operation.UPDATE_METADATA,
                id.context(),
                RunToCompletion.of(operations, 0, point -> updates.update(condition, patch, point)));
    }

    @Override
    public Mono<ObjectInfo> copy(ObjectId from, ObjectId to, ObjectMetadata metadata, PutOptions options) {
        Objects.requireNonNull(metadata, "metadata");
        return copy(from, to, options, source -> metadata);
    }

    @Override
    public Mono<ObjectInfo> copy(ObjectId from, ObjectId to, PutOptions options) {
        return copy(from, to, options, source -> source);
    }

    private Mono<ObjectInfo> copy(
            ObjectId from, ObjectId to, PutOptions options, UnaryOperator<ObjectMetadata> metadata) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(options, "options");
        return observed.mono(
                Operation.COPY,
                to.context(),
                new CopyObject(tiers, operations, reads, puts).copy(from, to, metadata, options));
    }

    @Override
    public Mono<Page> list(ObjectContext context, String keyPrefix, @Nullable String cursor, int limit) {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(keyPrefix, "keyPrefix");
        return observed.mono(
                Operation.LIST,
                context,
                RunToAnswer.of(operations, () -> {
                            if (limit < 1 || limit > MAX_PAGE) {
                                throw new IllegalArgumentException(
                                        "limit is " + limit + ", but must be from 1 to " + MAX_PAGE + ".");
                            }
                            ListObjects.checkPrefix("The key prefix", keyPrefix);
                            return new ListObjects(tiers).page(context.storagePath() + keyPrefix, cursor, limit);
                        })
                        .contextWrite(CallOptions.asBulk()));
    }

    @Override
    public Flux<BulkProgress> deleteAll(ObjectContext context) {
        Objects.requireNonNull(context, "context");
        return observed.flux(Operation.DELETE_ALL, context, new DeleteAll(tiers, operations, deletes).run(context));
    }

    /** At most as many at a time as bulk work may take up, so that none of them waits in vain for another. */
    @Override
    public <T> Flux<BatchResult<T>> batch(Publisher<? extends BatchOperation<? extends T>> operations) {
        return batch(
                operations,
                Math.min(BATCH_CONCURRENCY, tiers.settings().limits().bulkOperations()));
    }

    @Override
    public ObjectUploads uploads() {
        return uploads;
    }

    /**
     * The objects whose {@linkplain ObjectId#storagePath() storage path} begins with the prefix, in the order of these
     * paths' bytes in UTF-8; the empty prefix means all. Deleted and expired ones are left out. Read by demand.
     *
     * @return {@link IllegalArgumentException} for a prefix with an unpaired surrogate; {@link io.terrace.UnsupportedException}
     *     if the high-volume tier cannot enumerate its rows
     */
    public Flux<ObjectInfo> scan(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return observed.flux(Operation.SCAN, Flux.defer(() -> {
            ListObjects.checkPrefix("The prefix", prefix);
            return new ListObjects(tiers).scan(prefix, "", "scan");
        }));
    }

    /**
     * Settles every change that the log holds and this store is not working on itself. Safe at any time, beside any traffic
     * and other recoveries. Idempotent. On cancel: what was settled is settled. Runs by itself when the store opens.
     */
    public Mono<RecoveryReport> recover() {
        return observed.mono(Operation.RECOVER, operations.counted(recovery.run()));
    }

    /**
     * Deletes blobs that nothing refers to, such as an upload that became visible after it was given up, the parts of
     * uploads whose beginning went wrong, and large objects that expired more than a minute ago: clocks may differ by that
     * much. Lists the whole long-term tier. Safe at any time, beside any traffic. Idempotent.
     *
     * @return {@link io.terrace.UnsupportedException} if the long-term tier cannot enumerate its blobs
     */
    public Mono<SweepReport> sweep() {
        return observed.mono(Operation.SWEEP, operations.counted(maintenance.sweep()));
    }

    /**
     * Removes all that is not needed any more: recovers, sweeps, and has the high-volume tier collect old markers and
     * expired small objects. What a tier cannot do, or does by itself, is left out. Safe at any time, beside any traffic.
     * Idempotent. On cancel or error: what was done is done, and the next pass goes on.
     */
    public Mono<MaintenanceReport> maintain() {
        return observed.mono(Operation.MAINTAIN, operations.counted(maintenance.run()));
    }

    /**
     * Looks for what is wrong, and changes nothing. Exact for a store at rest. Read by demand: the number of findings has no
     * bound.
     *
     * @return {@link io.terrace.UnsupportedException} if a tier cannot enumerate what it holds
     */
    public Flux<Finding> inspect(InspectionDepth depth) {
        Objects.requireNonNull(depth, "depth");
        return observed.flux(Operation.INSPECT, Flux.defer(() -> new Inspection(tiers, operations, depth).run()));
    }

    /** For {@link TieredObjectStoreMetrics}, which names more than this class may need. */
    Watched watched() {
        return watched;
    }

    @Override
    public Mono<Health> check() {
        return Flux.<Backend>just(tiers.rows(), tiers.blobs(), tiers.log())
                .concatMap(backend -> backend.check()
                        .onErrorResume(error -> Mono.just(Health.down(String.valueOf(error.getMessage()))))
                        .map(health -> new Health(health.healthy(), backend.name() + ": " + health.detail())))
                .reduce((a, b) -> new Health(a.healthy() && b.healthy(), a.detail() + "; " + b.detail()));
    }

    @Override
    public Mono<Void> closeLater(Duration grace) {
        Objects.requireNonNull(grace, "grace");
        return Mono.defer(() -> {
            Mono<Void> close = operations
                    .drain(grace)
                    .doFinally(signal -> {
                        recovery.stop();
                        maintenance.stop();
                    })
                    .then(Flux.fromIterable(owned)
                            .concatMapDelayError(Backend::closeLater)
                            .then())
                    .cache();
            return closing.compareAndSet(null, close) ? close : Objects.requireNonNull(closing.get());
        });
    }
}
