// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ContentRange;
import io.terrace.FileRegion;
import io.terrace.ObjectInfo;
import io.terrace.StoredObject;
import io.terrace.spi.BlobContent;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An open object whose bytes are a blob. Given up if nobody reads it, since it may hold a connection or a file. */
final class LargeObject implements StoredObject {

    private final ObjectInfo info;
    private final BlobContent content;
    private final ResumingBody body;
    private final Operations operations;
    private final OneReader reader = new OneReader();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Disposable timeout;
    private @Nullable Admitted room;

    LargeObject(Tiers tiers, Operations operations, ObjectInfo info, BlobContent content) {
        this.info = info;
        this.content = content;
        this.operations = operations;
        this.body = new ResumingBody(tiers, content);
        operations.hold();
        this.timeout = tiers.runtime()
                .timers()
                .schedule(this::giveUp, tiers.settings().bodyTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Keeps the room of the get until the body has ended or was discarded. Called before anybody has this object. */
    void occupy(Admitted admitted) {
        admitted.hold();
        room = admitted;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public @Nullable ContentRange range() {
        return content.range();
    }

    @Override
    public Flux<ByteBuffer> body() {
        return Flux.defer(() -> {
            reader.takeBody();
            timeout.dispose();
            return body.bytes().doOnTerminate(this::over).doOnCancel(this::over);
        });
    }

    @Override
    public Mono<Void> discard() {
        return Mono.defer(() -> reader.discard() ? release() : Mono.empty());
    }

    @Override
    public Optional<FileRegion> file() {
        Optional<FileRegion> file = content.file();
        if (file.isPresent()) {
            reader.takeFile();
            timeout.dispose();
        }
        return file;
    }

    private void giveUp() {
        if (reader.giveUp()) {
            release().subscribe();
        }
    }

    private Mono<Void> release() {
        timeout.dispose();
        return content.discard().doFinally(signal -> over());
    }

    /** Before the end is passed on: whoever reads the next object on hearing it must find the room. */
    private void over() {
        if (ended.compareAndSet(false, true)) {
            if (room != null) {
                room.release();
            }
            operations.end();
        }
    }
}
