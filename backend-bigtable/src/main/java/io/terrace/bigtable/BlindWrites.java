// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.protobuf.ByteString;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.RowKind;
import reactor.core.publisher.Mono;

/**
 * Writes that only a tombstone refuses. The store says that one was in the way, and not which, so it is read. A request
 * without an answer is never repeated: a second application could undo a newer write. (HV-3, HV-4)
 */
final class BlindWrites {

    private static final int ATTEMPTS = 3;

    private final Calls calls;
    private final Predicates predicates;
    private final Reads reads;

    BlindWrites(Calls calls, Predicates predicates, Reads reads) {
        this.calls = calls;
        this.predicates = predicates;
        this.reads = reads;
    }

    /** @param verb for error messages */
    Mono<BlindOutcome> write(String verb, ObjectId id, Writes.Write write) {
        return attempt(verb, id, Writes.key(id), write, 1);
    }

    private Mono<BlindOutcome> attempt(String verb, ObjectId id, ByteString key, Writes.Write write, int number) {
        BlindOutcome done = new BlindOutcome.Done(write.head().version());
        return calls.mutateUnless(key, predicates.tombstone(), write.mutation())
                .onErrorResume(error ->
                        afterLoss(id, write, BigtableErrors.ofWrite("to " + verb + " the row of " + id, error)))
                .flatMap(applied -> applied ? Mono.just(done) : refused(verb, id, key, write, number));
    }

    /** The row may show that it was applied; that it does not shows nothing. */
    private Mono<Boolean> afterLoss(ObjectId id, Writes.Write write, TerraceException error) {
        return error.determinacy() == Determinacy.NOT_APPLIED
                ? Mono.error(error)
                : reads.head(id)
                        .filter(row -> row.version().equals(write.head().version()))
                        .map(row -> true)
                        .onErrorMap(unreadable -> error)
                        .switchIfEmpty(Mono.error(error));
    }

    /** A definite refusal, so it may start over if the tombstone has gone meanwhile. */
    private Mono<BlindOutcome> refused(String verb, ObjectId id, ByteString key, Writes.Write write, int number) {
        return reads.head(id).flatMap(row -> {
            if (row.kind() == RowKind.TOMBSTONE) {
                return Mono.just(new BlindOutcome.Tombstoned(row));
            }
            return number < ATTEMPTS
                    ? attempt(verb, id, key, write, number + 1)
                    : Mono.error(new ThrottledException(
                            BigtableErrors.BACKEND,
                            "Others change the row of " + id + " again and again, so this was given up: to " + verb
                                    + " it. Repeat it later.",
                            Determinacy.NOT_APPLIED));
        });
    }
}
