// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ContentRange;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.FileRegion;
import io.terrace.ObjectInfo;
import io.terrace.StoredObject;
import io.terrace.spi.BlobContent;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An open object whose bytes are a blob. Given up if nobody reads on, since it may hold a connection or a file. */
final class LargeObject implements StoredObject {

    private final ObjectInfo info;
    private final BlobContent content;
    private final ResumingBody body;
    private final Operations operations;
    private final OneReader reader = new OneReader();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Idle idle;
    private @Nullable Admitted room;

    LargeObject(Tiers tiers, Operations operations, ObjectInfo info, BlobContent content) {
        this.info = info;
        this.content = content;
        this.operations = operations;
        this.body = new ResumingBody(tiers, content);
        operations.hold();
        this.idle = new Idle(tiers);
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
            return body.bytes()
                    .doOnNext(buffer -> idle.progress())
                    .takeUntilOther(idle.stalled.asMono())
                    .doOnTerminate(this::over)
                    .doOnCancel(this::over);
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
            idle.stop();
        }
        return file;
    }

    private Mono<Void> release() {
        return content.discard().doFinally(signal -> over());
    }

    /** Before the end is passed on: whoever reads the next object on hearing it must find the room. */
    private void over() {
        if (ended.compareAndSet(false, true)) {
            idle.stop();
            if (room != null) {
                room.release();
            }
            operations.end();
        }
    }

    /** Gives up what nobody begins to read, and ends a body that stands still (H20). */
    private final class Idle extends Timeouts.Timed {

        private final Tiers tiers;
        private final Timeouts timeouts = operations.admission().bodies();
        private final Sinks.Empty<Void> stalled = Sinks.empty();

        Idle(Tiers tiers) {
            this.tiers = tiers;
            timeouts.add(
                    this,
                    tiers.runtime().monotonicNanos(),
                    tiers.settings().bodyTimeout().toNanos());
        }

        void progress() {
            renew(tiers.runtime().monotonicNanos());
        }

        void stop() {
            timeouts.remove(this);
        }

        @Override
        void expired() {
            if (reader.giveUp()) {
                release().subscribe();
                return;
            }
            stalled.tryEmitError(new DeadlineExceededException(
                    "",
                    "Not a byte of '" + info.id().storagePath() + "' was read within the bodyTimeout of "
                            + tiers.settings().bodyTimeout() + ". Read it again, or raise the timeout.",
                    Determinacy.NOT_APPLIED));
        }
    }
}
