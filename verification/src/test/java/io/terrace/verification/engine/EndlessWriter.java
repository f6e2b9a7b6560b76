// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A program: writes small and large objects to a store on a directory, says so, and never ends by itself. */
final class EndlessWriter {

    private static final int LANES = 4;
    private static final int KEYS_PER_LANE = 3;
    private static final int THRESHOLD = 64 * 1024;

    private EndlessWriter() {}

    /** @param args a directory, and the number of the first write */
    public static void main(String[] args) {
        TieredObjectStore store = open(Path.of(args[0]));
        long first = Long.parseLong(args[1]);
        Flux.range(0, LANES)
                .flatMap(lane -> Flux.range(0, Integer.MAX_VALUE)
                        .concatMap(
                                i -> write(store, lane + LANES * (i % KEYS_PER_LANE), first + (long) i * LANES + lane)))
                .then()
                .block();
    }

    /** The lanes share no key, so that the writes of a key do not overlap. */
    private static Mono<Void> write(TieredObjectStore store, int key, long number) {
        return Mono.defer(() -> {
            System.out.println("begin " + key + " " + number + ";");
            return store.put(id(key), ObjectMetadata.defaults(), payload(number))
                    .doOnSuccess(info -> System.out.println("done " + key + " " + number + ";"))
                    .then();
        });
    }

    static TieredObjectStore open(Path directory) {
        Map<String, String> options = Map.of("path", directory.toString());
        return TieredObjectStore.builder()
                .highVolume("localfs", options)
                .longTerm("localfs", options)
                .changeLog("localfs", options)
                .inlineThreshold(THRESHOLD)
                .build();
    }

    static ObjectId id(int key) {
        return ObjectId.of(ObjectContext.of("kill"), "object " + key);
    }

    /** Every eight bytes of the value are its number; a third of the values are large. */
    private static Payload payload(long number) {
        int length = number % 3 == 0 ? 3 * THRESHOLD : 800;
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            buffer.putLong(number);
        }
        return Payload.of(buffer.flip());
    }

    static Mono<Long> numberOf(StoredObject object) {
        return object.body()
                .reduce(ByteBuffer.allocate((int) object.contentLength()), ByteBuffer::put)
                .map(bytes -> {
                    long number = bytes.flip().getLong();
                    while (bytes.hasRemaining()) {
                        if (bytes.getLong() != number) {
                            throw new IllegalStateException("torn: " + object.info());
                        }
                    }
                    return number;
                });
    }
}
