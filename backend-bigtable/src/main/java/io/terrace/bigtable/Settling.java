// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Retries;
import io.terrace.spi.RowHead;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Finds out how a conditional write ended whose answer was lost: the identical request is repeated, and if it is refused then,
 * the row is read and shows whose write stood in its way. (HV-1.4)
 */
final class Settling {

    private static final int ATTEMPTS = 3;

    private final Retries retries;

    Settling(Retries retries) {
        this.retries = retries;
    }

    /**
     * A conditional write that may be repeated.
     *
     * @param id of the row
     * @param request one attempt: whether it was applied
     * @param found gets the row as it is now, {@link RowHead#ABSENT} if there is none
     * @param applied the answer if it was
     * @param isOurs whether that row is what this write made
     */
    record Attempt(
            ObjectId id,
            Mono<Boolean> request,
            Supplier<Mono<RowHead>> found,
            CasOutcome.Applied applied,
            Predicate<RowHead> isOurs) {

        String what() {
            return "to write the row of " + id;
        }
    }

    Mono<CasOutcome> settle(Attempt write) {
        return Mono.defer(() -> {
            retries.begin();
            return attempt(write, 1);
        });
    }

    private Mono<CasOutcome> attempt(Attempt write, int number) {
        return write.request()
                .<CasOutcome>flatMap(applied -> applied
                        ? Mono.just(write.applied())
                        : number == 1 ? Mono.just(new CasOutcome.Refused(null, false)) : look(write))
                .onErrorResume(error -> after(write, number, BigtableErrors.ofWrite(write.what(), error)));
    }

    private Mono<CasOutcome> after(Attempt write, int number, TerraceException error) {
        boolean lost = error.determinacy() == Determinacy.UNKNOWN;
        if (lost && number < ATTEMPTS && retries.mayRepeat()) {
            return retries.pause(number).then(Mono.defer(() -> attempt(write, number + 1)));
        }
        // That this attempt failed definitely says nothing about the one before it.
        return Mono.error(lost || number == 1 ? error : unknown(write, error));
    }

    /** Refused, after an attempt without an answer. */
    private static Mono<CasOutcome> look(Attempt write) {
        return write.found()
                .get()
                .onErrorMap(error -> unknown(write, error))
                .map(row -> write.isOurs().test(row) ? write.applied() : new CasOutcome.Refused(null, true));
    }

    private static OutcomeUnknownException unknown(Attempt write, Throwable cause) {
        return new OutcomeUnknownException(
                BigtableErrors.BACKEND,
                "No answer came to " + write.what() + ", and what followed failed: " + cause.getMessage(),
                cause);
    }
}
