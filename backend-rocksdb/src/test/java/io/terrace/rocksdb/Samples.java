// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scopes;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the tests of this module have in common. */
final class Samples {

    static final TerraceRuntime RUNTIME = TerraceRuntime.system();
    static final Duration LIMIT = Duration.ofSeconds(30);
    static final ObjectMetadata METADATA =
            ObjectMetadata.builder().contentType("text/plain").custom("k", "v").build();

    private Samples() {}

    static ObjectId id(String key) {
        return ObjectId.of(ObjectContext.of("docs", Scopes.none().and("org", "17")), key);
    }

    static InlineObject inline(String text) {
        return inline(text.getBytes(StandardCharsets.UTF_8));
    }

    static InlineObject inline(byte[] bytes) {
        return new InlineObject(METADATA, Deadline.NONE, ByteBuffer.wrap(bytes));
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] bytes(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        return bytes;
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static <T> T await(Mono<T> mono) {
        return mono.block(LIMIT);
    }

    static <T> List<T> await(Flux<T> flux) {
        return flux.collectList().block(LIMIT);
    }

    /** What is on the disk at this moment, as a dead process leaves it. */
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    copyIfThere(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyIfThere(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (NoSuchFileException gone) {
            return;
        }
    }
}
