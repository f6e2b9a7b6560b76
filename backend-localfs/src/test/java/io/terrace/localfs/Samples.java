// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scopes;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.Deadline;
import io.terrace.spi.EntryId;
import io.terrace.spi.InlineObject;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    static BlobId blobId(String key) {
        return new BlobId(id(key), RUNTIME.newUuid());
    }

    /** An open entry that brings a blob and replaces another. */
    static ChangeEntry entry(String key) {
        BlobId blob = blobId(key);
        return ChangeEntry.open(EntryId.of(blob), blob.object(), blob, RUNTIME.newWriteId(), List.of(blobId(key)));
    }

    /** The directory as the roles see it. */
    static UploadRecord upload(String key) {
        return UploadRecord.open(
                new UploadSession(blobId(key), "token of " + key),
                new UploadSecret(RUNTIME.randomLong(), RUNTIME.randomLong()),
                METADATA,
                RUNTIME.nowMicros());
    }

    static Layout layout(Path root) {
        IoThreads io = new IoThreads("test", 1, 1);
        try {
            return io.callAndWait(() -> Layout.open(root, Fsync.NEVER, Failpoint.NONE));
        } finally {
            await(io.closeLater());
        }
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

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static byte[] readAll(LongTermBackend blobs, BlobId id) {
        return join(await(blobs.get(id, null).flatMapMany(BlobContent::body)));
    }

    static byte[] join(List<ByteBuffer> buffers) {
        ByteBuffer all = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(all::put);
        return all.array();
    }

    static <T> T await(Mono<T> mono) {
        return mono.block(LIMIT);
    }

    static <T> List<T> await(Flux<T> flux) {
        return flux.collectList().block(LIMIT);
    }

    /** Copies what a store has written, without its locks and temporary files. */
    static void copyStore(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path relative = from.relativize(file);
                if (Files.isRegularFile(file) && !relative.startsWith("tmp") && !relative.endsWith("LOCK")) {
                    Files.createDirectories(to.resolve(relative).getParent());
                    Files.copy(file, to.resolve(relative));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All regular files below a directory, except the ones that belong to the directory itself. */
    static List<Path> filesBelow(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
