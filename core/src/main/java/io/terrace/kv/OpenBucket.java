// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.AtCapacityException;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.spi.Row;
import io.terrace.spi.RowVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A bucket that a store has open: its rows, what the store owns of it, and who looks at it. */
final class OpenBucket implements Bucket {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBucket.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final BucketOptions options;
    private final BucketRows rows;
    private final Limits limits;
    private final Leases leases = new Leases();
    private final Observer observer;
    private final Disposable.Swap keepAlive = Disposables.swap();
    private volatile boolean closed;

    OpenBucket(String name, BucketOptions options, BucketRows rows, Limits limits) {
        this.name = name;
        this.options = options;
        this.rows = rows;
        this.limits = limits;
        this.observer = new Observer(name, rows, leases, limits, options.ttl().orElse(null));
    }

    /** From now on, what is owned is kept alive, and what has expired is removed. */
    void start() {
        options.ttl().ifPresent(timeToLive -> {
            keepAlive.update(new KeepAlive(rows, leases, timeToLive).start());
            observer.need();
        });
    }

    /** Deletes what is still owned; what cannot be deleted expires. Always ends, and never with an error. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            keepAlive.dispose();
            options.ttl().ifPresent(timeToLive -> observer.release());
            observer.end(KeyValueStore.closed());
            return Flux.fromIterable(leases.close())
                    .flatMap(this::end, Limits.CONCURRENCY)
                    .then();
        });
    }

    /** At the version that is known; at a later one only if the value there is still ours. */
    private Mono<Void> end(Lease lease) {
        ObjectId id = rows.id(lease.key());
        return rows.compareAndSet(id, lease.version(), row -> rows.isOurs(row.head()), rows::marker)
                .timeout(PATIENCE, rows.runtime().timers())
                .onErrorResume(error -> {
                    LOG.warn("{} of bucket {} is left to expire: {}", lease.key(), name, error.toString());
                    return Mono.empty();
                })
                .then();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BucketOptions options() {
        return options;
    }

    @Override
    public Mono<WriteOutcome> create(String key, ByteBuffer value) {
        return ifOpen(() -> {
            ObjectId id = rows.id(key);
            ByteBuffer copy = copy(key, value);
            return write(key, id, RowVersion.ABSENT, copy, row -> !rows.hasValue(row.head()));
        });
    }

    @Override
    public Mono<WriteOutcome> replace(String key, Revision expected, ByteBuffer value) {
        Objects.requireNonNull(expected, "expected");
        return ifOpen(() -> {
            ObjectId id = rows.id(key);
            ByteBuffer copy = copy(key, value);
            Predicate<Row> fits = row -> hasRevision(row, expected);
            return rows.read(id)
                    .flatMap(row -> fits.test(row)
                            ? write(key, id, row.version(), copy, fits)
                            : Mono.just(new WriteOutcome.Refused(rows.entry(key, row))));
        });
    }

    private Mono<WriteOutcome> write(
            String key, ObjectId id, RowVersion expected, ByteBuffer value, Predicate<Row> fits) {
        return rows.compareAndSet(id, expected, fits, () -> rows.value(value)).flatMap(attempt -> {
            RowVersion applied = attempt.applied();
            return applied == null
                    ? Mono.just(new WriteOutcome.Refused(rows.entry(key, attempt.found())))
                    : written(key, id, value, applied);
        });
    }

    private Mono<WriteOutcome> written(String key, ObjectId id, ByteBuffer value, RowVersion version) {
        if (options.ttl().isPresent() && !leases.own(Lease.written(key, value, version))) {
            return rows.compareAndSet(id, version, rows.marker()).then(Mono.error(KeyValueStore::closed));
        }
        observer.wake();
        return Mono.just(new WriteOutcome.Written(Revision.of(version.writeId())));
    }

    @Override
    public Mono<Entry> get(String key) {
        return ifOpen(() -> rows.read(rows.id(key)).mapNotNull(row -> rows.entry(key, row)));
    }

    @Override
    public Mono<Boolean> delete(String key) {
        return delete(key, null, row -> rows.hasValue(row.head()));
    }

    @Override
    public Mono<Boolean> delete(String key, Revision expected) {
        Objects.requireNonNull(expected, "expected");
        return delete(key, expected, row -> hasRevision(row, expected));
    }

    private Mono<Boolean> delete(String key, @Nullable Revision expected, Predicate<Row> fits) {
        return ifOpen(() -> {
            ObjectId id = rows.id(key);
            leases.release(key, expected);
            return rows.head(id)
                    .map(head -> new Row(head, null))
                    .flatMap(row -> fits.test(row)
                            ? rows.compareAndSet(id, row.version(), fits, rows::marker)
                                    .map(attempt -> attempt.applied() != null)
                            : Mono.just(false))
                    .doOnNext(deleted -> observer.wake());
        });
    }

    @Override
    public Flux<Entry> entries() {
        return ifOpen(() -> Mono.just(rows.entries(limits.maxEntries()))).flatMapMany(entries -> entries);
    }

    @Override
    public Flux<WatchEvent> watch() {
        return ifOpen(() -> Mono.just(new Watcher(observer, rows, limits.maxEntries())))
                .flatMapMany(Watcher::events);
    }

    private boolean hasRevision(Row row, Revision expected) {
        return rows.hasValue(row.head()) && expected.names(row.head().writeId());
    }

    /** The caller may reuse its buffer, and the value may be published again. */
    private ByteBuffer copy(String key, ByteBuffer value) {
        if (value.remaining() > limits.maxValueBytes()) {
            throw new TooLargeException("the value of " + key + " in bucket " + name + " has " + value.remaining()
                    + " bytes, at most " + limits.maxValueBytes()
                    + " are possible; store it as an object and keep its id here, or raise maxValueBytes");
        }
        if (!leases.hasRoomFor(key, limits.maxEntries())) {
            throw new AtCapacityException("this store owns " + limits.maxEntries() + " entries of bucket " + name
                    + " already; delete some, or raise maxEntries");
        }
        return ByteBuffer.allocate(value.remaining())
                .put(value.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    private <T> Mono<T> ifOpen(Supplier<Mono<T>> work) {
        return Mono.defer(() -> closed ? Mono.error(KeyValueStore.closed()) : work.get());
    }
}
