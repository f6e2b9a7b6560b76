// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import reactor.core.publisher.Flux;

/** A program: puts an object of unknown length into a store on a directory and reads it back. For a small heap. */
final class StreamThrough {

    private static final int BUFFER = 64 * 1024;

    private StreamThrough() {}

    /** @param args a directory, and how many MiB */
    public static void main(String[] args) {
        Map<String, String> directory = Map.of("path", Path.of(args[0]).toString());
        long bytes = Long.parseLong(args[1]) * 1024 * 1024;
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("localfs", directory)
                .longTerm("localfs", directory)
                .changeLog("localfs", directory)
                .build();
        ObjectId id = ObjectId.of(ObjectContext.of("stream"), "object");
        CRC32C sent = new CRC32C();
        CRC32C received = new CRC32C();
        Flux<ByteBuffer> body = Flux.generate(() -> 0L, (position, sink) -> {
            if (position == bytes) {
                sink.complete();
                return position;
            }
            ByteBuffer buffer = patterned(position, (int) Math.min(BUFFER, bytes - position));
            sent.update(buffer.duplicate());
            sink.next(buffer);
            return position + buffer.remaining();
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
    }

    private static ByteBuffer patterned(long position, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.remaining() >= Long.BYTES) {
            buffer.putLong((position + buffer.position()) * 0x9E3779B97F4A7C15L);
        }
        return buffer.position(length).flip();
    }
}
