// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.PreconditionFailedException;
import io.terrace.TerraceException;
import java.util.Set;

/** How an observed operation ended. */
enum Outcome {
    OK("ok", "It was done."),
    ABSENT("absent", "There is no such object."),
    PRECONDITION_FAILED("precondition-failed", "The object is not as it was required to be. Nothing was done."),
    AT_CAPACITY("at-capacity", "There was no room for it, or not in time. Nothing was done."),
    CANCELLED(
            "cancelled",
            "The caller went away before the answer. A write beyond its commit point is completed all the same."),
    UNKNOWN("unknown", "A write failed, and it may have happened or may still happen."),
    ERROR("error", "Any other error.");

    /** The codes of Terrace's own errors. A backend can have more, so these bound what can become a tag. */
    private static final Set<String> CODES = Set.of(
            "backend.throttled",
            "backend.unavailable",
            "backend.unsupported",
            "capacity.exhausted",
            "configuration.invalid",
            "data.corrupt",
            "deadline.exceeded",
            "metadata.invalid",
            "object-id.invalid",
            "outcome.unknown",
            "part.invalid",
            "payload.failed",
            "permission.denied",
            "precondition.failed",
            "range.invalid",
            "range.not-satisfiable",
            "size.too-large",
            "tombstone.dangling",
            "upload.gone");

    private final String label;
    private final String meaning;

    Outcome(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }

    static Outcome of(Operation operation, Throwable error) {
        if (operation.writes() && error instanceof TerraceException ours && ours.determinacy() == Determinacy.UNKNOWN) {
            return UNKNOWN;
        }
        if (error instanceof PreconditionFailedException) {
            return PRECONDITION_FAILED;
        }
        return error instanceof AtCapacityException ? AT_CAPACITY : ERROR;
    }

    static Set<String> codes() {
        return CODES;
    }

    /** The error's code as a tag, of which there are only so many. */
    static String code(Throwable error) {
        return error instanceof TerraceException ours && CODES.contains(ours.code()) ? ours.code() : TagKey.OTHER;
    }
}
