// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ContentRange;
import io.terrace.ObjectInfo;
import io.terrace.StoredObject;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An open object that came with its row. Holds nothing but memory. */
final class SmallObject implements StoredObject {

    private final ObjectInfo info;
    private final @Nullable ContentRange range;
    private final ByteBuffer bytes;
    private final OneReader reader = new OneReader();

    SmallObject(ObjectInfo info, @Nullable ContentRange range, ByteBuffer payload) {
        this.info = info;
        this.range = range;
        this.bytes =
                range == null ? payload : payload.slice(payload.position() + (int) range.first(), (int) range.length());
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public @Nullable ContentRange range() {
        return range;
    }

    @Override
    public Flux<ByteBuffer> body() {
        return Flux.defer(() -> {
            reader.takeBody();
            return bytes.hasRemaining() ? Flux.just(bytes) : Flux.empty();
        });
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(reader::discard);
    }
}
