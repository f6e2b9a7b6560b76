// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Objects by name: put, get, head, delete, each a linearizable operation on one key, the last writer wins.
 *
 * <p><b>Laziness.</b> Nothing happens until a returned publisher is subscribed to; each subscription is one operation.
 *
 * <p><b>Cancellation.</b> Cancelling a write before its commit point undoes it; after the commit point it is completed in
 * the background. Cancelling a read releases everything it holds.
 *
 * <p><b>Errors</b> are {@link TerraceException}s. One whose {@linkplain TerraceException#determinacy() determinacy} is
 * {@link Determinacy#UNKNOWN} means that the write may have happened or may still happen, at most once; read before you
 * decide what to do.
 *
 * <p><b>Options.</b> {@link CallOptions} in the Reactor context say how much time an operation has, and whether it is bulk work.
 *
 * <p><b>Threads.</b> No method blocks. Signals come on threads of the backends; do not block in them.
 */
public interface ObjectStore {

    /**
     * Stores an object in the place of whatever was there. Time created, time of expiry and size in the metadata are set by
     * the store.
     *
     * <p>Atomic: readers see the old object or the new one, whole. Visible when answered, and durable if both tiers are.
     * Memory: at most the inline threshold, or one part, whatever the length. The payload is subscribed to once.
     *
     * <p>With a {@linkplain PutOptions#precondition() precondition}: checked before the payload is subscribed to, and again
     * in the step that stores the object. The answer then says exactly what happened: stored over the state that was
     * required, or not stored.
     *
     * @return the object as stored; {@link PreconditionFailedException} if the object is not as required, with its etag if
     *     that is known; a retryable error if somebody was at work on the object at that moment without replacing it;
     *     {@link OutcomeUnknownException} if it cannot be told
     */
    Mono<ObjectInfo> put(ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options);

    /** {@link #put(ObjectId, ObjectMetadata, Payload, PutOptions) put} in the place of whatever is there. */
    default Mono<ObjectInfo> put(ObjectId id, ObjectMetadata metadata, Payload payload) {
        return put(id, metadata, payload, PutOptions.defaults());
    }

    /**
     * Opens an object. Absent, deleted or expired: completes empty. What is answered must be read or discarded, see
     * {@link StoredObject}.
     *
     * @return the object; {@link RangeNotSatisfiableException} if no byte of it is in the range
     */
    Mono<StoredObject> get(ObjectId id, GetOptions options);

    /** {@link #get(ObjectId, GetOptions) get} of the whole object. */
    default Mono<StoredObject> get(ObjectId id) {
        return get(id, GetOptions.all());
    }

    /**
     * Opens an object, uses it, and releases it when the use completes, fails or is cancelled: it cannot leak. Absent:
     * completes empty, without calling the function.
     */
    default <T> Mono<T> withObject(ObjectId id, GetOptions options, Function<? super StoredObject, Mono<T>> use) {
        return Mono.usingWhen(
                get(id, options),
                object -> use.apply(object),
                StoredObject::discard,
                (object, error) -> object.discard(),
                StoredObject::discard);
    }

    /** Describes an object. Absent, deleted or expired: completes empty. One read of the high-volume tier. */
    Mono<ObjectInfo> head(ObjectId id);

    /**
     * Deletes an object. Absent: success. Gone for every reader when answered; its blob, if it had one, is deleted in the
     * background.
     *
     * <p>With a precondition: deletes only what is as required, in one step; otherwise as a conditional put.
     */
    Mono<Void> delete(ObjectId id, Precondition precondition);

    /** {@link #delete(ObjectId, Precondition) delete} of whatever is there. */
    default Mono<Void> delete(ObjectId id) {
        return delete(id, Precondition.none());
    }

    /**
     * Changes an object's metadata, and leaves its bytes, and so its etag, alone. Absent: completes empty. Atomic: readers
     * see all of the change or none; a put that comes in between is never undone. Of several updates at once none is
     * lost, unless they change the same field.
     *
     * @return the object as it is described now; {@link PreconditionFailedException} if it is not as required; a retryable
     *     error if it was replaced meanwhile; {@link OutcomeUnknownException} if it cannot be told whether it was changed;
     *     {@link InvalidMetadataException} or {@link TooLargeException} if the result could not be stored
     */
    Mono<ObjectInfo> updateMetadata(ObjectId id, MetadataPatch patch, Precondition precondition);

    /** {@link #updateMetadata(ObjectId, MetadataPatch, Precondition) updateMetadata} of whatever is there. */
    default Mono<ObjectInfo> updateMetadata(ObjectId id, MetadataPatch patch) {
        return updateMetadata(id, patch, Precondition.none());
    }

    /**
     * Stores the bytes of one object as another one, with other metadata. Absent: completes empty, and nothing is stored.
     * What is stored are the bytes of one single put, though the source is replaced or deleted meanwhile; if they cannot be
     * read to their end, it fails and nothing is stored. The bytes are streamed, through at most the inline threshold or one
     * part of memory, and shared with nobody. On cancel, and everything else: as a put of the copy.
     *
     * @param options what must hold of the object that the copy replaces
     * @return the copy as stored
     */
    Mono<ObjectInfo> copy(ObjectId from, ObjectId to, ObjectMetadata metadata, PutOptions options);

    /** A copy with the same metadata. Times are those of the copy: a time to live begins anew. */
    Mono<ObjectInfo> copy(ObjectId from, ObjectId to, PutOptions options);

    /** The most objects on one page of a listing. */
    int MAX_PAGE = 10_000;

    /**
     * Lists the objects of this use case and exactly these scopes whose keys begin with the prefix, a page at a time, in the
     * order of the keys' bytes in UTF-8. Deleted and expired ones are left out. Each object that exists throughout a walk
     * over the pages is on exactly one of them, whatever is written meanwhile; no snapshot. Holds one page in memory, and reads the
     * rows of that page, deleted and expired ones between them included. What finding them costs says the high-volume tier: one
     * that is not sorted looks at the names of all rows of the context.
     *
     * @param keyPrefix the empty text for all
     * @param cursor {@code null} to begin, then {@link Page#next()} of the page before
     * @param limit how many objects there are at most on a page, from 1 to {@value #MAX_PAGE}
     * @return the page, without objects if there are none; {@link IllegalArgumentException} for a limit out of bounds, a prefix
     *     with an unpaired surrogate, or a cursor of another listing; {@link UnsupportedException} if the high-volume tier
     *     cannot enumerate its rows
     */
    Mono<Page> list(ObjectContext context, String keyPrefix, @Nullable String cursor, int limit);

    /**
     * Deletes every object of this use case and exactly these scopes, what has expired and what was left half deleted
     * included. Objects that are written meanwhile may survive. Idempotent: run it again after an error.
     *
     * <p>One element for each object, when it is done with; an object that cannot be deleted is reported and stops no other.
     * A bounded number is worked on at a time, no more than are asked for and a few ahead. On cancel: no further object is
     * begun.
     *
     * @return {@link UnsupportedException} if the high-volume tier cannot enumerate its rows
     */
    Flux<BulkProgress> deleteAll(ObjectContext context);

    /** How many operations of a batch are under way at a time, unless it is said otherwise. */
    int BATCH_CONCURRENCY = 128;

    /**
     * Carries out many operations, a bounded number at a time, as {@linkplain CallOptions#asBulk bulk work}. Each is one of its
     * own: it is begun in its turn, in no order relative to the others from then on, even if they are about the same object,
     * and its failure is its result and stops no other. There is no transaction.
     *
     * <p>Results come as operations end. No more operations are taken from the source than are under way, and results that
     * nobody asks for count as under way. If the source fails, what has been begun is ended and told first. On cancel: each
     * operation under way is cancelled as it would be alone, and no further one is begun.
     *
     * <p>A store may join reads of one batch, and of several, into fewer requests, each for as many as are under way. If such a
     * request fails, all reads in it do.
     *
     * @param concurrency how many operations are under way at a time, at least 1
     */
    default <T> Flux<BatchResult<T>> batch(
            Publisher<? extends BatchOperation<? extends T>> operations, int concurrency) {
        return new Batch(this).run(operations, concurrency);
    }

    /** {@link #batch(Publisher, int) batch} of as many at a time as the store finds right. */
    default <T> Flux<BatchResult<T>> batch(Publisher<? extends BatchOperation<? extends T>> operations) {
        return batch(operations, BATCH_CONCURRENCY);
    }

    /** Uploads in parts, for what is too large or too slow for one put. */
    ObjectUploads uploads();

    /** Asks each tier for one cheap sign of life. An unhealthy store is a value, not an error. */
    Mono<Health> check();

    /**
     * Refuses new operations, waits for those under way and for background work, and closes what this store created.
     * Always ends: what is not done when the grace is over is left to the next recovery. Idempotent.
     */
    Mono<Void> closeLater(Duration grace);
}
