// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.ContentRange;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** A body that is read from its connection as it is asked for. */
final class RemoteContent implements BlobContent {

    private final BlobContent described;
    private final RemoteCalls calls;
    private final RemoteConnection connection;
    private final long token;
    private final AtomicBoolean released = new AtomicBoolean();

    RemoteContent(BlobContent described, Reply reply, RemoteCalls calls) {
        this.described = described;
        this.calls = calls;
        this.connection = Objects.requireNonNull(reply.connection());
        this.token = reply.token();
    }

    @Override
    public BlobInfo info() {
        return described.info();
    }

    @Override
    public @Nullable ContentRange range() {
        return described.range();
    }

    @Override
    public Flux<ByteBuffer> body() {
        return Flux.<ByteBuffer>generate(this::next)
                .subscribeOn(Schedulers.fromExecutor(calls.threads()))
                .doOnCancel(() -> {
                    if (calls.flaw() != Flaw.CANCELLED_BODY_LEAKS) {
                        drop();
                    }
                });
    }

    private void next(SynchronousSink<ByteBuffer> sink) {
        try {
            byte[] bytes =
                    connection.read(token, calls.flaw() != Flaw.READS_UNCHECKED).bytes();
            if (bytes.length > 0) {
                sink.next(ByteBuffer.wrap(bytes));
            } else {
                if (released.compareAndSet(false, true)) {
                    calls.connections().give(connection);
                }
                sink.complete();
            }
        } catch (IOException broken) {
            boolean cancelled = released.get();
            if (calls.flaw() == Flaw.BREAK_LEAKS && !cancelled) {
                calls.connections().leak(connection);
            } else {
                drop();
            }
            boolean taken = (calls.flaw() == Flaw.BODY_THAT_BREAKS_ENDS && isBreak(broken))
                    || (calls.flaw() == Flaw.END_IS_TAKEN_FOR_THE_WHOLE && isEnd(broken));
            if (cancelled || taken) {
                sink.complete();
            } else {
                sink.error(RemoteCalls.unavailable("The body broke: " + broken, broken));
            }
        }
    }

    private static boolean isBreak(IOException failed) {
        return failed instanceof CutException || failed instanceof EOFException || failed instanceof SocketException;
    }

    private static boolean isEnd(IOException failed) {
        return failed instanceof EOFException || (failed instanceof CutException cut && cut.isEnd());
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(() -> {
            if (calls.flaw() != Flaw.DISCARD_LEAKS) {
                drop();
            }
        });
    }

    private void drop() {
        if (released.compareAndSet(false, true)) {
            calls.connections().drop(connection);
        }
    }
}
