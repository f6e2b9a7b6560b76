// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import io.terrace.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/**
 * How far the uploads are that are under way, by a name that the client chose. Holds two numbers for each, from when the
 * store begins to read an upload until it has stopped, so no more than the store's {@code maxOperations}.
 */
final class UploadProgress {

    /**
     * What was seen of an upload.
     *
     * @param received how many bytes the store has taken
     * @param announced how many there will be; {@link Payload#UNKNOWN} if the client did not say
     * @param ended whether no more will come; the answer to the upload itself says what became of it
     */
    record Progress(long received, long announced, boolean ended) {}

    private static final Duration EVERY = Duration.ofMillis(500);

    private final ConcurrentMap<String, Upload> running = new ConcurrentHashMap<>();

    /** The same payload, watched while it is read. Of two uploads with one name the later one is watched. */
    Payload track(String name, Payload payload) {
        Flux<ByteBuffer> tracked = Flux.defer(() -> {
            Upload upload = new Upload(payload.contentLength());
            running.put(name, upload);
            return payload.body().doOnNext(upload::add).doFinally(signal -> {
                upload.ended = true;
                running.remove(name, upload);
            });
        });
        Payload same = Payload.from(tracked);
        return payload.contentLength() == Payload.UNKNOWN ? same : same.contentLength(payload.contentLength());
    }

    /**
     * What is seen of an upload now and every half second until it has ended; empty if none of this name is under way. It is
     * looked at, not queued: who reads slowly sees less.
     */
    Flux<Progress> watch(String name) {
        return Flux.defer(() -> {
            Upload upload = running.get(name);
            return upload == null
                    ? Flux.empty()
                    : Flux.interval(Duration.ZERO, EVERY)
                            .onBackpressureDrop()
                            .map(tick -> upload.progress())
                            .takeUntil(Progress::ended);
        });
    }

    private static final class Upload {

        private final long announced;
        private final AtomicLong received = new AtomicLong();
        private volatile boolean ended;

        Upload(long announced) {
            this.announced = announced;
        }

        void add(ByteBuffer bytes) {
            received.addAndGet(bytes.remaining());
        }

        Progress progress() {
            // The end is read first: what is called ended is then complete.
            boolean over = ended;
            return new Progress(received.get(), announced, over);
        }
    }
}
