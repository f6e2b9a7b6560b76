// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Entries by key. Each operation on one key is atomic and linearizable, among all processes that share the rows; nothing is
 * promised of operations on several keys.
 *
 * <p>A key is 1 to 1024 bytes of UTF-8, taken literally; slashes are allowed, {@code .} and {@code ..} as segments and control
 * characters are not. What a method gets and returns is such a key, relative to the bucket.
 *
 * <p>If the bucket has a time to live, whoever writes an entry owns it, and keeps it alive until it deletes it, is closed, or
 * somebody else writes the key. An entry whose owner is not heard of for that long is removed by whoever has the bucket open.
 * An owner that finds its entry removed while it lives publishes it again, under a new revision; so a delete by somebody
 * else does not last. To take a key over, replace it.
 *
 * <p>For all methods: nothing happens until it is subscribed to. On cancel: a write may or may not take effect, at most once;
 * if it does, nobody keeps the entry alive. On error: {@link io.terrace.Determinacy#NOT_APPLIED} means that nothing was
 * changed; after {@link io.terrace.OutcomeUnknownException} read the key. Threads: any; the signal may come on a thread of
 * the backend's client. Signals: {@link io.terrace.InvalidObjectIdException} for a key that breaks the rules above, those of the
 * backend, and {@link io.terrace.BackendUnavailableException} once the store is closed.
 */
public interface Bucket {

    /** The name, unique among the buckets of the same rows. */
    String name();

    /** What is stored with the bucket. */
    BucketOptions options();

    /**
     * Writes the first value of a key.
     *
     * <p>Absent: written. Exists: refused with what is there. Idempotent: no; a repetition finds the value of the first
     * attempt and is refused with it. Signals: {@link io.terrace.TooLargeException} before anything is sent,
     * {@link io.terrace.AtCapacityException} if this store owns as many entries of the bucket as it may.
     *
     * @param value copied when it is subscribed to, from position to limit; its position stays
     */
    Mono<WriteOutcome> create(String key, ByteBuffer value);

    /**
     * Writes a value in the place of exactly one other.
     *
     * <p>Absent: refused, nothing is created. Exists: refused with what is there, unless it has the expected revision. The
     * rest as {@link #create}.
     */
    Mono<WriteOutcome> replace(String key, Revision expected, ByteBuffer value);

    /** Reads an entry. Absent: completes empty. */
    Mono<Entry> get(String key);

    /**
     * Deletes a key, whoever owns it, and stops keeping it alive.
     *
     * <p>Absent: {@code false}. Exists: {@code true} if this call deleted it. Idempotent: yes. On error and on cancel: this
     * store keeps the entry alive no longer, so that it vanishes by itself if the bucket has a time to live.
     */
    Mono<Boolean> delete(String key);

    /**
     * Deletes a key if it has that revision.
     *
     * <p>Absent, or at another revision: {@code false}, and nothing is changed. The rest as {@link #delete(String)}.
     */
    Mono<Boolean> delete(String key, Revision expected);

    /**
     * All entries, in the order of {@link io.terrace.spi.RowListing#ORDER}.
     *
     * <p>Absent: completes empty. Atomic: no; each entry is as it was at some moment after the subscription, and one that is
     * there the whole time is among them. On cancel: nothing remains. Demand: keys are held, values only a few. Signals:
     * {@link io.terrace.TooLargeException} if there are more than the store's limit.
     */
    Flux<Entry> entries();

    /**
     * Tells what there is, and then what changes, without end.
     *
     * <p>First comes exactly one {@link WatchEvent.Resync}, read after the subscription. Then come puts and deletes, a key at
     * a time: what was told so far is always what was there at some moment for each key, never an older value after a newer
     * one, and once nothing is written any more, exactly what is there. A value that is replaced before a subscriber was
     * told of it may be left out; of a subscriber that does not ask, one listing of revisions is kept and no more.
     *
     * <p>On cancel: nothing remains. On error: passing errors of the backend are logged and tried again; the others end the
     * watch, as does {@link io.terrace.TooLargeException} if there are more entries than the store's limit, and closing the store.
     */
    Flux<WatchEvent> watch();
}
