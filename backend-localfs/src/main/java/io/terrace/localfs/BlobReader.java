// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.BlobContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * Reads a {@linkplain BlobContent#body() body} by demand, nothing ahead. A whole body is checked against its checksum
 * before its last bytes are handed on, so a damaged one never ends well.
 */
final class BlobReader implements Subscription {

    private static final int BUFFER_BYTES = 128 * 1024;
    /** How many buffers a thread reads before it looks for other work. */
    private static final int BUFFERS_PER_TURN = 8;

    private final OpenBlob blob;
    private final Serial steps;
    private final Subscriber<? super ByteBuffer> receiver;
    private final AtomicLong demand = new AtomicLong();
    private final CRC32C crc = new CRC32C();
    private long done;
    private volatile boolean ended;

    BlobReader(OpenBlob blob, Serial steps, Subscriber<? super ByteBuffer> receiver) {
        this.blob = blob;
        this.steps = steps;
        this.receiver = receiver;
    }

    void begin() {
        // An empty body ends without being asked for.
        if (blob.length() == 0) {
            steps.execute(this::read);
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            abort(new IllegalArgumentException("A subscriber asked for " + n + " buffers; ask for one or more."));
            return;
        }
        demand.accumulateAndGet(n, Operators::addCap);
        steps.execute(this::read);
    }

    @Override
    public void cancel() {
        ended = true;
        steps.execute(blob::close);
    }

    void abort(Throwable reason) {
        steps.execute(() -> end(reason));
    }

    private void read() {
        try {
            for (int i = 0; !ended && done < blob.length() && demand.get() > 0; i++) {
                if (i == BUFFERS_PER_TURN) {
                    steps.execute(this::read);
                    return;
                }
                ByteBuffer next = readNext();
                demand.updateAndGet(n -> n == Long.MAX_VALUE ? n : n - 1);
                receiver.onNext(next);
            }
            if (done == blob.length()) {
                end(null);
            }
        } catch (IOException e) {
            end(LocalFsErrors.of("reading the blob " + blob.info().id(), e));
        } catch (RuntimeException e) {
            end(e);
        }
    }

    private ByteBuffer readNext() throws IOException {
        int length = (int) Math.min(BUFFER_BYTES, blob.length() - done);
        ByteBuffer bytes = RowFile.readAt(blob.channel(), blob.position() + done, length);
        if (bytes.remaining() < length) {
            throw LocalFsErrors.damaged("The blob " + blob.info().id(), "its file has become shorter");
        }
        done += length;
        if (blob.range() == null) {
            crc.update(bytes.duplicate());
            if (done == blob.length() && (int) crc.getValue() != blob.frame().bodyCrc()) {
                throw LocalFsErrors.damaged(
                        "The blob " + blob.info().id(), "its bytes do not match the checksum they were written with");
            }
        }
        return bytes;
    }

    private void end(@Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        blob.close();
        if (error == null) {
            receiver.onComplete();
        } else {
            receiver.onError(error);
        }
    }
}
