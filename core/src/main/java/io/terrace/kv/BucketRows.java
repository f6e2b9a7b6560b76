// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.TooLargeException;
import io.terrace.spi.CasOutcome.Refused;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The rows of one bucket: each key is an object of the bucket's context, and its row holds the value. */
final class BucketRows {
    private static final String OWNER = "owner";
    private static final Row ABSENT = new Row(RowHead.ABSENT, null);
    private static final int MOST_READS = 64;

    private final HighVolumeBackend rows;
    private final RowListing listing;
    private final @Nullable MultiRowReads reads;
    private final TerraceRuntime runtime;
    private final ObjectContext context;
    private final String owner;

    BucketRows(
            HighVolumeBackend rows, RowListing listing, TerraceRuntime runtime, ObjectContext context, String owner) {
        this.rows = rows;
        this.listing = listing;
        this.reads = rows.facet(MultiRowReads.class).orElse(null);
        this.runtime = runtime;
        this.context = context;
        this.owner = owner;
    }

    /**
     * @throws io.terrace.InvalidObjectIdException if it cannot be one
     */
    ObjectId id(String key) {
        return ObjectId.of(context, key);
    }

    TerraceRuntime runtime() {
        return runtime;
    }

    /** A row in full; one of kind ABSENT if there is none. */
    Mono<Row> read(ObjectId id) {
        return rows.read(id, RowProjection.FULL).defaultIfEmpty(ABSENT);
    }

    /** The head of a row; {@link RowHead#ABSENT} if there is none. */
    Mono<RowHead> head(ObjectId id) {
        return rows.read(id, RowProjection.HEAD).map(Row::head).defaultIfEmpty(RowHead.ABSENT);
    }

    /** The rows of these keys in full, in their order, absent ones too; several in one request if the backend can. */
    Flux<Found> readAll(Collection<String> keys) {
        MultiRowReads many = reads;
        if (many == null) {
            return Flux.fromIterable(keys)
                    .flatMapSequential(key -> read(id(key)).map(row -> new Found(key, row)), Limits.CONCURRENCY, 1);
        }
        return Flux.fromIterable(keys)
                .buffer(Math.min(many.maxRows(), MOST_READS))
                .concatMap(some -> readAtOnce(many, some), 0);
    }

    private Flux<Found> readAtOnce(MultiRowReads many, List<String> keys) {
        return many.readAll(keys.stream().map(this::id).toList(), RowProjection.FULL)
                .collect(
                        () -> new HashMap<String, Row>(),
                        (found, row) -> found.put(row.id().key(), row.row()))
                .flatMapIterable(found -> inOrder(keys, found));
    }

    private static List<Found> inOrder(List<String> keys, Map<String, Row> found) {
        List<Found> all = new ArrayList<>(keys.size());
        keys.forEach(key -> all.add(new Found(key, found.getOrDefault(key, ABSENT))));
        return all;
    }

    /** The rows that have a value, in the order of the listing. */
    Flux<RowListing.ListedRow> scan() {
        return listing.scan(context.storagePath(), "").filter(row -> row.head().kind() == RowKind.INLINE);
    }

    /** The keys of all entries. Signals {@link TooLargeException} for more than that many. */
    Mono<List<String>> keys(int most) {
        return scan().map(row -> row.id().key()).take(most + 1L).collectList().map(keys -> {
            if (keys.size() > most) {
                throw tooMany(most);
            }
            return keys;
        });
    }

    /** All entries, each as it is when it is read. */
    Flux<Entry> entries(int most) {
        return keys(most).flatMapMany(this::readAll).mapNotNull(found -> entry(found.key(), found.row()));
    }

    TooLargeException tooMany(int most) {
        return new TooLargeException(
                rows.name(),
                context + " has more than " + most + " entries; raise maxEntries, or use more buckets",
                Determinacy.NOT_APPLIED);
    }

    /** Whether there is an entry. A row that points to a blob was not written by a bucket. */
    boolean hasValue(RowHead head) {
        if (head.kind() == RowKind.TOMBSTONE) {
            throw new IntegrityException(
                    rows.name(),
                    "a row of " + context + " points to a blob; only buckets may write there, delete the object",
                    Determinacy.NOT_APPLIED);
        }
        return head.kind() == RowKind.INLINE;
    }

    /** The entry that a row in full is; {@code null} if it has no value. */
    @Nullable
    Entry entry(String key, Row row) {
        if (!hasValue(row.head())) {
            return null;
        }
        ObjectMetadata metadata = Objects.requireNonNull(row.head().metadata(), "metadata");
        ByteBuffer value = Objects.requireNonNull(row.payload(), "payload");
        return new Entry(
                key, value, Revision.of(row.head().writeId()), metadata.custom().getOrDefault(OWNER, ""));
    }

    /** Whether this store wrote the value. */
    boolean isOurs(RowHead head) {
        return hasValue(head)
                && head.metadata() != null
                && owner.equals(head.metadata().custom().get(OWNER));
    }

    /** A write of a value; its time is for those who look at the rows, and nothing compares it. */
    RowWrite value(ByteBuffer value) {
        ObjectMetadata metadata = ObjectMetadata.builder()
                .custom(OWNER, owner)
                .build()
                .stampedAt(runtime.now())
                .sized(value.remaining());
        return new RowWrite.Inline(runtime.newWriteId(), new InlineObject(metadata, Deadline.NONE, value.duplicate()));
    }

    /** A write that removes the value. */
    RowWrite marker() {
        return new RowWrite.Marker(runtime.newWriteId());
    }

    /** Shows that the owner is alive. Answers the head that there is afterwards, whoever bumped it; never an error of refusal. */
    Mono<RowHead> bump(ObjectId id, RowHead expected) {
        RowChange fence = RowChange.fence(runtime.randomLong() | 1);
        return rows.bump(id, expected, fence)
                .flatMap(outcome -> outcome.fold(
                        applied -> Mono.just(
                                fence.applyTo(expected, runtime.nowMicros()).withVersion(applied.version())),
                        refused -> refused.observed() == null ? head(id) : Mono.just(refused.observed())));
    }

    /**
     * Writes if the row is at exactly that version. What was applied and looked refused, or went unanswered, is found by
     * reading: the write id is ours or it is not. Signals {@link OutcomeUnknownException} if that does not tell either.
     */
    Mono<Attempt> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return rows.compareAndSet(id, expected, write)
                .flatMap(outcome -> outcome.fold(
                        applied -> Mono.just(new Attempt(applied.version(), ABSENT)),
                        refused -> read(id).map(row -> resolve(id, expected, write, refused, row))))
                .onErrorResume(BucketRows::mayHaveHappened, error -> read(id).onErrorMap(reading -> error)
                        .flatMap(row -> row.head().writeId().equals(write.writeId())
                                ? Mono.just(new Attempt(row.version(), row))
                                : Mono.error(error)));
    }

    private Attempt resolve(ObjectId id, RowVersion expected, RowWrite write, Refused refused, Row row) {
        if (row.head().writeId().equals(write.writeId())) {
            return new Attempt(row.version(), row);
        }
        if (refused.ambiguousAttempt() && !isBumped(expected, row.version())) {
            throw new OutcomeUnknownException(rows.name(), "the answer to a write of " + id + " was lost");
        }
        return new Attempt(null, row);
    }

    /**
     * Writes as the other one, and again at the version that refused it as long as the row found there is one to write over: a
     * sign of life changes the version, and the value is still the same.
     */
    Mono<Attempt> compareAndSet(ObjectId id, RowVersion expected, Predicate<Row> fits, Supplier<RowWrite> write) {
        return compareAndSet(id, expected, fits, write, 1);
    }

    private Mono<Attempt> compareAndSet(
            ObjectId id, RowVersion expected, Predicate<Row> fits, Supplier<RowWrite> write, int number) {
        return compareAndSet(id, expected, write.get()).flatMap(attempt -> {
            if (attempt.applied() != null || !fits.test(attempt.found())) {
                return Mono.just(attempt);
            }
            return number < Limits.ATTEMPTS
                    ? compareAndSet(id, attempt.found().version(), fits, write, number + 1)
                    : Mono.error(contended(id));
        });
    }

    private BackendUnavailableException contended(ObjectId id) {
        return new BackendUnavailableException(
                rows.name(),
                id + " changed under each of " + Limits.ATTEMPTS + " attempts; nothing was written, try again",
                Determinacy.NOT_APPLIED);
    }

    /** The expected value is still there, at a later version: so nothing was applied to the expected one, and nothing will be. */
    private static boolean isBumped(RowVersion expected, RowVersion now) {
        return expected.writeId().equals(now.writeId()) && !expected.equals(now);
    }

    private static boolean mayHaveHappened(Throwable error) {
        return error instanceof TerraceException known && known.determinacy() == Determinacy.UNKNOWN;
    }

    @Override
    public String toString() {
        return context.toString();
    }

    /**
     * A key and its row.
     *
     * @param key the key
     * @param row in full, of kind ABSENT if there is none
     */
    record Found(String key, Row row) {}
}
