// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ByteRange;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Immutable blobs under ids that are never reused: the tier for large objects.
 *
 * <p><b>To write a backend</b> follow the steps of {@link HighVolumeBackend}; the conformance class is
 * {@code io.terrace.testkit.LongTermConformanceTest}.
 *
 * <p><b>Rules</b> that hold for every method
 * <ul>
 *   <li>LT-1.1 A blob becomes visible as a whole, in one step, or not at all.
 *   <li>LT-1.2 A blob that was acknowledged is found by every later get, head and listing until it is deleted; one whose
 *       deletion was acknowledged is found by none.
 *   <li>LT-1.3 A visible blob never changes.
 *   <li>LT-1.4 A backend holds at most one part of a body, whatever its length, and asks its source for no more than it
 *       can hold.
 *   <li>LT-1.5 A blob is never removed by the store itself, whatever its metadata say: the row decides.
 * </ul>
 */
public interface LongTermBackend extends Backend {

    /**
     * Uploads a blob and makes it visible once the gate is open. (LT-2)
     *
     * <p>Absent: written. Exists: ids are unique, so a blob that is found is ours, of an earlier attempt of this call:
     * success. Atomic and visible when answered, never before the gate has opened. Idempotent: not needed. On cancel: the
     * upload is aborted and nothing becomes visible, unless the last step was under way already. On error: nothing
     * visible remains if the error is NOT_APPLIED; after UNKNOWN the blob may exist or may still appear. Demand: at most
     * one part beyond what the store has taken. Threads: the body is subscribed to, and requested from, on any thread.
     * Signals: {@link io.terrace.ClientPayloadException} if the body failed or its length is not the announced one, the
     * gate's error unchanged, {@link io.terrace.TooLargeException} before the body is subscribed to if the store has no
     * name that long, {@link io.terrace.TransientException}, {@link io.terrace.OutcomeUnknownException}. Metadata that the
     * store cannot keep are left out, see {@link BlobInfo}, and are no error.
     */
    Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate);

    /**
     * Opens a blob. (LT-3)
     *
     * <p>Absent: completes empty. Exists: its content, resources held as {@link BlobContent} says. A range is clamped to
     * the blob as {@link ByteRange#resolve} says. Idempotent: yes. On cancel: everything is released, also a content that
     * arrives meanwhile; one that was emitted is the receiver's, who is best written with {@link Mono#usingWhen}: an
     * operator in between that holds the content when it is cancelled would lose it. On error: nothing
     * remains. Demand: no byte before the body is asked for, apart from what a connection buffers. Threads: any. Signals:
     * {@link io.terrace.RangeNotSatisfiableException} with the blob's size, {@link io.terrace.TransientException},
     * {@link io.terrace.IntegrityException} if the bytes are not those that were written.
     */
    Mono<BlobContent> get(BlobId id, @Nullable ByteRange range);

    /** Describes a blob without opening it. Absent: completes empty. Otherwise as {@link #get}. (LT-4) */
    Mono<BlobInfo> head(BlobId id);

    /**
     * Deletes a blob. (LT-5)
     *
     * <p>Absent: success. Exists: gone when answered; whether readers that have it open may finish is the store's choice.
     * Idempotent: yes, and free to be repeated by any layer. On cancel, on error: the blob may or may not be gone.
     * Threads: any. Signals: {@link io.terrace.TransientException}, {@link io.terrace.PermissionDeniedException}.
     */
    Mono<Void> delete(BlobId id);
}
