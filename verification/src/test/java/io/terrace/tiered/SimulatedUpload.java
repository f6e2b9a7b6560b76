// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.UploadGoneException;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One upload in parts, completed as a client does who does not give up: again after an error, by any process, or by two at
 * once; or aborted meanwhile. To the history all of it is one put.
 */
final class SimulatedUpload {

    private static final int MOST_ATTEMPTS = 3;

    private final ObjectId id;
    private final Random random;
    private final Supplier<SimulatedProcess> processes;
    private final Set<SimulatedProcess> used = new HashSet<>();

    SimulatedUpload(ObjectId id, Random random, Supplier<SimulatedProcess> processes) {
        this.id = id;
        this.random = random;
        this.processes = processes;
    }

    private SimulatedProcess any() {
        SimulatedProcess process = processes.get();
        used.add(process);
        return process;
    }

    /** Whether the death of this process may leave it without an answer. */
    boolean uses(SimulatedProcess process) {
        return used.contains(process);
    }

    /** What is to be completed. */
    record Begun(UploadId upload, List<UploadedPart> parts) {}

    Mono<Begun> begin(ObjectMetadata metadata, String value) {
        int half = value.length() / 2;
        return any().store.uploads().initiate(id, metadata).flatMap(upload -> Flux.just(
                        value.substring(0, half), value.substring(half))
                .index()
                .concatMap(piece -> any().store
                        .uploads()
                        .uploadPart(id, upload, piece.getT1().intValue() + 1, Payload.ofText(piece.getT2())))
                .collectList()
                .map(parts -> new Begun(upload, parts)));
    }

    Mono<ObjectInfo> complete(Begun begun) {
        return switch (random.nextInt(4)) {
            case 0 -> twice(begun);
            case 1 -> whileAborted(begun);
            default -> attempt(begun, 1);
        };
    }

    private Mono<ObjectInfo> attempt(Begun begun, int number) {
        return once(begun)
                .onErrorResume(
                        error -> number < MOST_ATTEMPTS && isRetryable(error), error -> attempt(begun, number + 1))
                // After an attempt whose outcome was unknown, "gone" and "not done" are about the last one alone.
                .onErrorMap(error -> number == 1 ? error : unknown(error));
    }

    private Mono<ObjectInfo> twice(Begun begun) {
        return Flux.mergeDelayError(2, once(begun), once(begun)).next().onErrorMap(SimulatedUpload::unknown);
    }

    private Mono<ObjectInfo> whileAborted(Begun begun) {
        Mono<Void> abort = Mono.defer(() -> any().store.uploads().abort(id, begun.upload()))
                .onErrorComplete();
        return Mono.zipDelayError(attempt(begun, 1), abort.thenReturn(true))
                .map(both -> both.getT1())
                .onErrorMap(error -> error instanceof TerraceException ? error : unknown(error));
    }

    private Mono<ObjectInfo> once(Begun begun) {
        return Mono.defer(() -> any().store.uploads().complete(id, begun.upload(), begun.parts()));
    }

    private static boolean isRetryable(Throwable error) {
        return error instanceof TerraceException known && known.retryable();
    }

    private static Throwable unknown(Throwable error) {
        return new OutcomeUnknownException("sim", "one of the attempts", error);
    }

    static boolean isHonest(Throwable error) {
        return error instanceof UploadGoneException gone && gone.determinacy() == Determinacy.NOT_APPLIED;
    }
}
