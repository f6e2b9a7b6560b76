// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.CasOutcome;
import reactor.core.publisher.Mono;

/** The answers that callers get instead of the true ones. */
final class Answers {

    private static final String BACKEND = "fault-injection";

    private Answers() {}

    static TerraceException notApplied(SpiCall call) {
        return new BackendUnavailableException(BACKEND, "Injected: " + call + " was not made", Determinacy.NOT_APPLIED);
    }

    /** What a caller learns that gets no answer; the same whether or not there was an effect. */
    static TerraceException noAnswer(SpiCall call) {
        String message = "Injected: " + call + " was not answered";
        if (!call.operation().writes()) {
            return new BackendUnavailableException(BACKEND, message, Determinacy.NOT_APPLIED);
        }
        return switch (call.operation()) {
            case BLOB_DELETE, BLOB_DELETE_ALL, UPLOAD_ABORT ->
                new BackendUnavailableException(BACKEND, message, Determinacy.UNKNOWN);
            default -> new OutcomeUnknownException(BACKEND, message);
        };
    }

    /** Releases what an answer holds that nobody will see. */
    static Mono<Void> discard(Object answer) {
        return answer instanceof BlobContent content ? content.discard() : Mono.empty();
    }

    /** The answer to a repetition, as an honest backend gives it (HV-1.4). */
    @SuppressWarnings("unchecked") // a refusal is replaced by a refusal
    static <T> T afterAmbiguousAttempt(T answer, boolean seen) {
        return answer instanceof CasOutcome.Refused refused
                ? (T) new CasOutcome.Refused(seen ? refused.observed() : null, true)
                : answer;
    }
}
