// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Facet of a {@link LongTermBackend} that takes a blob in parts, in any order, over as many calls as it takes.
 *
 * <p>A session lives from {@link #start} until {@link #complete} or {@link #abort}, and longer than the process if the
 * backend is {@link Capability#DURABLE}; it belongs to no instance if it is {@link Capability#SHARED}. A store that ends
 * sessions by itself does so no earlier than a week after they started.
 *
 * <p><b>Rules</b> that hold for every method
 * <ul>
 *   <li>MU-1.1 Nothing of a session is visible as a blob before {@link #complete} is subscribed to: the caller makes that
 *       call when its record of the upload says so, so it is what the {@link CommitGate} is for a put.
 *   <li>MU-1.2 Of a session that is gone every call but {@link #abort} says so, with
 *       {@link io.terrace.UploadGoneException}, and with that error only then. A token that is not of this store, or whose
 *       session is for another blob, names a session that is gone.
 *   <li>MU-1.3 An error other than that leaves the session and its parts as they were.
 *   <li>MU-1.4 A backend holds at most a bounded piece of a part in memory, whatever the length of the part.
 *   <li>MU-1.5 All calls may be made at the same time, for one session too. Threads: any.
 * </ul>
 */
public interface MultipartUploads {

    /** What the parts must be like. Constant for the life of the instance. */
    UploadLimits limits();

    /**
     * Starts a session for a blob. (MU-2)
     *
     * <p>Absent: started. Exists: ids are unique; a further session for the same blob, as a repeated call starts it, is
     * another one with a token of its own. Atomic: yes; durable when answered. Idempotent: no, but a session that nobody
     * knows of is harmless, and {@link UploadSessionListing} finds it. On cancel, and on an error that is UNKNOWN: a session
     * may remain. Signals: {@link io.terrace.TooLargeException} if the store has no name that long,
     * {@link io.terrace.TransientException}, {@link io.terrace.OutcomeUnknownException}. Metadata that the store cannot keep
     * are left out, see {@link BlobInfo}, and are no error.
     *
     * @param metadata what the blob will have
     */
    Mono<UploadSession> start(BlobId id, ObjectMetadata metadata);

    /**
     * Stores a part. (MU-3)
     *
     * <p>Absent: stored. Exists: replaced, in one step, when all of the new one has arrived. Atomic: a part is there as a
     * whole or not at all. Idempotent: yes, with the same bytes. Of several calls at once for one number the last one to end
     * stays. On cancel, on error: the part is what it was before, or, after UNKNOWN or a cancel of the last step, the new
     * one. Demand: at most one piece beyond what the store has taken. Threads: the body is subscribed to at most once, and
     * requested from, on any thread. Signals: {@link io.terrace.ClientPayloadException} if the body failed, its length is not
     * the announced one, or its bytes have another checksum; {@link io.terrace.InvalidPartException} before the body is
     * subscribed to if the number is outside the {@link #limits}; {@link io.terrace.TooLargeException} if the part is larger
     * than they allow, before the body is subscribed to if its length is announced;
     * {@link io.terrace.UploadGoneException}, {@link io.terrace.TransientException},
     * {@link io.terrace.OutcomeUnknownException}. That a part is too small shows when the upload is completed.
     *
     * @param number from 1
     * @param checksum of the bytes, to be verified; {@code null} if there is none
     * @return the number and the ETag of what was stored
     */
    Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum);

    /**
     * The parts that are there now, by ascending number. (MU-4)
     *
     * <p>Absent: an empty page. Idempotent: yes. A part that is there throughout all pages is on exactly one of them. Demand:
     * one page. Signals: {@link io.terrace.UploadGoneException}, {@link io.terrace.TransientException}.
     *
     * @param after only parts of higher numbers; 0 for all
     * @param max how many at most, at least 1; a store may return fewer, as {@link PartPage#more} then says
     */
    Mono<PartPage> listParts(UploadSession session, int after, int max);

    /**
     * Makes the parts one blob, in the order of the list, and ends the session. (MU-5)
     *
     * <p>Absent: written. Exists: the blob is ours, of an earlier attempt: it stays as it is, and that is success. Atomic and
     * visible when answered, never in part; durable if the backend is. Parts that the list leaves out are dropped.
     * Idempotent: a repetition ends with the same answer or with {@link io.terrace.UploadGoneException}, and the blob stays.
     * Of several calls at once one makes the blob. On cancel, and after UNKNOWN: the blob may exist or may still appear,
     * whole. Takes time in proportion to the size where a store copies. Signals, before anything is changed:
     * {@link io.terrace.InvalidPartException} that names the part that is wrong, or one of them: the list is empty, its
     * numbers do not ascend strictly, a part was not uploaded, its ETag is another one, or it is too small and not the last.
     * Further {@link io.terrace.UploadGoneException}, {@link io.terrace.TooLargeException} if the store takes no blob that
     * large, {@link io.terrace.IntegrityException} if a part is not what was stored,
     * {@link io.terrace.TransientException}, {@link io.terrace.OutcomeUnknownException}.
     */
    Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts);

    /**
     * Ends a session and removes its parts. (MU-6)
     *
     * <p>Absent, completed, or not of this store: success, and a blob that the session became stays. Idempotent, and free to
     * be repeated by any layer. A part that is under way fails with {@link io.terrace.UploadGoneException} or is dropped; it
     * does not bring the session back. A complete that is under way may still make the blob, so whoever aborts deletes that
     * too. On cancel, on error: the session may or may not be gone. Signals: {@link io.terrace.TransientException}.
     */
    Mono<Void> abort(UploadSession session);
}
