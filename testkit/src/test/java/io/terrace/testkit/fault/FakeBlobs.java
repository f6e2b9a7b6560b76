// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.FileRegion;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blobs in a map, handed out in buffers of four bytes, as if they lay in a file. For one thread. */
final class FakeBlobs implements LongTermBackend {

    final Map<BlobId, byte[]> blobs = new HashMap<>();
    final AtomicInteger open = new AtomicInteger();
    private final FileChannel channel;

    FakeBlobs(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        return body.checkedBody()
                .collect(ByteArrayOutputStream::new, (out, next) -> {
                    byte[] bytes = new byte[next.remaining()];
                    next.get(bytes);
                    out.writeBytes(bytes);
                })
                .delayUntil(bytes -> gate.opened())
                .map(bytes -> {
                    blobs.put(id, bytes.toByteArray());
                    return new BlobInfo(id, bytes.size(), metadata);
                });
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        return Mono.defer(() -> blobs.containsKey(id) ? Mono.just(new Content(id, blobs.get(id))) : Mono.empty());
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        return Mono.defer(() -> blobs.containsKey(id)
                ? Mono.just(new BlobInfo(id, blobs.get(id).length, ObjectMetadata.defaults()))
                : Mono.empty());
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        return Mono.fromRunnable(() -> blobs.remove(id));
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Mono<Health> check() {
        return Mono.just(Health.up("asked nobody"));
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.empty();
    }

    private final class Content implements BlobContent {
        private final BlobId id;
        private final byte[] bytes;

        Content(BlobId id, byte[] bytes) {
            this.id = id;
            this.bytes = bytes;
            open.incrementAndGet();
        }

        @Override
        public BlobInfo info() {
            return new BlobInfo(id, bytes.length, ObjectMetadata.defaults());
        }

        @Override
        public @Nullable ContentRange range() {
            return null;
        }

        @Override
        public Flux<ByteBuffer> body() {
            return Flux.range(0, (bytes.length + 3) / 4)
                    .map(i -> ByteBuffer.wrap(bytes, i * 4, Math.min(4, bytes.length - i * 4)))
                    .doFinally(signal -> open.decrementAndGet());
        }

        @Override
        public Mono<Void> discard() {
            return Mono.fromRunnable(open::decrementAndGet);
        }

        @Override
        public Optional<FileRegion> file() {
            return Optional.of(new FileRegion(channel, 0, bytes.length));
        }
    }
}
