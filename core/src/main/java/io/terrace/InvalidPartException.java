// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * A part, or the list of parts that an upload was to be completed with, is not what the upload needs. Nothing was changed:
 * the upload and its parts are as they were, and it can be completed with a right list.
 */
public final class InvalidPartException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "part.invalid";

    /** What is wrong. */
    public enum Reason {
        /** The list is empty. No part is named. */
        NO_PARTS,
        /** The number is below 1 or above the store's highest. */
        NUMBER_OUT_OF_RANGE,
        /** The number does not exceed the one before it in the list. */
        OUT_OF_ORDER,
        /** No part of that number was stored. */
        UNKNOWN_PART,
        /** The part that was stored has another ETag; it was replaced, perhaps. */
        ETAG_MISMATCH,
        /** The part is smaller than the store's minimum, and is not the last one. */
        TOO_SMALL
    }

    private final Reason reason;
    private final int partNumber;

    private InvalidPartException(String backend, Reason reason, int partNumber, String message) {
        super(backend, CODE, message, Determinacy.NOT_APPLIED, null);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.partNumber = partNumber;
    }

    /** {@link Reason#NO_PARTS}. */
    public static InvalidPartException noParts(String backend) {
        return new InvalidPartException(
                backend, Reason.NO_PARTS, 0, "An upload is completed with at least one part, and the list names none.");
    }

    /** {@link Reason#NUMBER_OUT_OF_RANGE}. */
    public static InvalidPartException numberOutOfRange(String backend, int number, int highest) {
        return new InvalidPartException(
                backend,
                Reason.NUMBER_OUT_OF_RANGE,
                number,
                "Parts are numbered from 1 to " + highest + ", so there is no part " + number + ".");
    }

    /** {@link Reason#OUT_OF_ORDER}. */
    public static InvalidPartException outOfOrder(String backend, int number, int before) {
        return new InvalidPartException(
                backend,
                Reason.OUT_OF_ORDER,
                number,
                "Part " + number + " comes after part " + before
                        + " in the list. Name the parts by ascending number, each once.");
    }

    /** {@link Reason#UNKNOWN_PART}. */
    public static InvalidPartException unknownPart(String backend, int number) {
        return new InvalidPartException(
                backend,
                Reason.UNKNOWN_PART,
                number,
                "Part " + number + " was not uploaded. Upload it, or leave it out of the list.");
    }

    /** {@link Reason#ETAG_MISMATCH}. */
    public static InvalidPartException etagMismatch(String backend, int number, String named, String stored) {
        return new InvalidPartException(
                backend,
                Reason.ETAG_MISMATCH,
                number,
                "Part " + number + " has the ETag " + stored + " and not " + named
                        + ", as the list says; it was uploaded again, perhaps. Name the ETag that its last upload answered.");
    }

    /** {@link Reason#TOO_SMALL}. */
    public static InvalidPartException tooSmall(String backend, int number, long size, long minimum) {
        return new InvalidPartException(
                backend,
                Reason.TOO_SMALL,
                number,
                "Part " + number + " has " + size + " bytes; every part but the last has at least " + minimum
                        + ". Upload it again with more.");
    }

    public Reason reason() {
        return reason;
    }

    /** The number of the part that is wrong, the first one if there are several; 0 if the list was empty. */
    public int partNumber() {
        return partNumber;
    }
}
