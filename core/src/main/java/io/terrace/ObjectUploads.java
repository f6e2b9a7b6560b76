// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Objects that are uploaded in parts: in any order, several at a time, by several processes, over hours. Nothing of it is
 * visible before {@link #complete}, which is one put of the whole object.
 *
 * <p>An upload that nobody touches for the store's upload window, 24 hours by default, is given up and its parts are
 * removed. For as long after its end a repeated call is told how it ended.
 *
 * <p>An upload id that was made up or changed, or that belongs to another object, is answered with
 * {@link UploadGoneException} and has no effect; so is the id of an upload that was aborted or given up. If the long-term
 * tier takes no parts, every call fails with {@link UnsupportedException}.
 *
 * <p>Laziness, errors and threads are as {@link ObjectStore} says.
 */
public interface ObjectUploads {

    /**
     * Begins an upload. The object stays what it is.
     *
     * <p>Idempotent: no, each call begins an upload of its own. On cancel, on error: one may have begun that nobody knows
     * of, and is given up after the window.
     *
     * @param metadata what the object will have; its time of creation and its lifetime count from {@link #complete}
     */
    Mono<UploadId> initiate(ObjectId id, ObjectMetadata metadata);

    /**
     * Stores a part.
     *
     * <p>Atomic: a part is there whole or not at all. Exists: replaced when all of the new one has arrived. Idempotent with
     * the same bytes; may be repeated after any error. On cancel: the part is what it was, or the new one. Memory: a bounded
     * piece, whatever the length. The payload is subscribed to once, after the upload id was checked.
     *
     * @param number its place in the object, from 1; numbers may be left out
     * @param checksum of the bytes, to be verified; {@code null} if there is none
     * @return what {@link #complete} names it by; {@link InvalidPartException} if the number is out of range,
     *     {@link TooLargeException}, {@link ClientPayloadException} if the payload failed or is not what was announced
     */
    Mono<UploadedPart> uploadPart(
            ObjectId id, UploadId upload, int number, Payload payload, @Nullable Checksum checksum);

    /** {@link #uploadPart(ObjectId, UploadId, int, Payload, Checksum) uploadPart} without a checksum. */
    default Mono<UploadedPart> uploadPart(ObjectId id, UploadId upload, int number, Payload payload) {
        return uploadPart(id, upload, number, payload, null);
    }

    /**
     * The parts that are there now, by ascending number.
     *
     * @param after only parts of higher numbers; 0 for all
     * @param max how many at most, at least 1; there may be fewer, see {@link PartPage#more}
     */
    Mono<PartPage> listParts(ObjectId id, UploadId upload, int after, int max);

    /**
     * Puts the object that consists of these parts, in the place of whatever was there.
     *
     * <p>Atomic, visible and durable as a put. Idempotent, and meant to be repeated after an error, also by another process:
     * all calls for one upload are one put, which happens once. One that comes after the object was overwritten or deleted
     * succeeds and does not bring it back. On cancel: goes on in the background once it has begun.
     *
     * <p>Absent, as everywhere: {@link UploadGoneException}. Once a call has begun, the list of parts should stay as it is:
     * what counts is the list that the store took.
     *
     * @param parts what is to be joined, by ascending number; parts that are left out are dropped
     * @return the object as it was stored; its size and times are missing if it was overwritten and forgotten meanwhile;
     *     {@link InvalidPartException} if the list is not what was uploaded, in which case the upload can be completed with a
     *     right one; a retryable error otherwise, whose determinacy says whether the object may have been stored
     */
    Mono<ObjectInfo> complete(ObjectId id, UploadId upload, List<UploadedPart> parts);

    /**
     * Gives an upload up and removes its parts. A call of {@link #complete} that is under way fails, unless it is further
     * than that.
     *
     * <p>Idempotent, and may be repeated after any error. On cancel: goes on in the background.
     *
     * @return empty when nothing of it will ever be seen, though a complete at the same time may succeed, as one that was
     *     overwritten at once; {@link UploadGoneException} if it was completed, and the object stays
     */
    Mono<Void> abort(ObjectId id, UploadId upload);
}
