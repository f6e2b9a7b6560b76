// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.verification.sink.Pattern;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import reactor.core.publisher.Flux;

/** A program: puts an object of unknown length into a store and reads it back. For a small heap. */
final class StreamThrough {

    private static final int BUFFER = 64 * 1024;

    private StreamThrough() {}

    /** @param args how many MiB, and the URL of the blobs */
    public static void main(String[] args) {
        long bytes = Long.parseLong(args[0]) * 1024 * 1024;
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("terrace:inmemory://rows")
                .longTerm(args[1])
                .changeLog("terrace:inmemory://log")
                .build();
        ObjectId id = ObjectId.of(ObjectContext.of("stream"), "object");
        CRC32C sent = new CRC32C();
        CRC32C received = new CRC32C();
        Flux<ByteBuffer> body = Flux.generate(() -> 0L, (position, sink) -> {
            if (position == bytes) {
                sink.complete();
                return position;
            }
            int length = (int) Math.min(BUFFER, bytes - position);
            ByteBuffer buffer = Pattern.at(position, length);
            sent.update(buffer.duplicate());
            // Whoever gets it may have read it when this returns.
            sink.next(buffer);
            return position + length;
        });
        store.put(id, ObjectMetadata.defaults(), Payload.from(body)).block();
        store.withObject(id, GetOptions.all(), object -> object.body()
                        .doOnNext(received::update)
                        .then())
                .block();
        if (sent.getValue() != received.getValue()) {
            throw new IllegalStateException("what was read is not what was written");
        }
        System.out.println("streamed " + bytes + " bytes");
        // Clients of remote stores may have threads that outlive their use.
        System.exit(0);
    }
}
