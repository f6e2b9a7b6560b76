// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Bytes that another process can know without being told.
 *
 * @param name of the object
 * @param version which of its values
 * @param size how many bytes
 */
record DemoContent(String name, int version, int size) {
    private static final int CHUNK = 64 * 1024;

    Flux<ByteBuffer> bytes() {
        return Flux.fromStream(
                () -> IntStream.range(0, (size + CHUNK - 1) / CHUNK).mapToObj(this::chunk));
    }

    String digest() {
        return String.valueOf(Sha256.of(bytes()).block());
    }

    private ByteBuffer chunk(int index) {
        byte[] bytes = new byte[Math.min(CHUNK, size - index * CHUNK)];
        new SplittableRandom(name.hashCode() * 31L + version * 1_000_003L + index).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
