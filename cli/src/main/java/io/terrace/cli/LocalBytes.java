// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Local files and streams as publishers, by demand. What blocks does so on threads that are there for it. */
final class LocalBytes {
    private static final int CHUNK = 64 * 1024;
    private static final int AHEAD = 8;

    private LocalBytes() {}

    static Flux<ByteBuffer> of(Path file) {
        return read(() -> FileChannel.open(file));
    }

    /** Can be read once, and is not closed. */
    static Flux<ByteBuffer> of(InputStream stream) {
        return Flux.<ByteBuffer>generate(sink -> {
                    try {
                        byte[] chunk = new byte[CHUNK];
                        int length = stream.read(chunk);
                        emit(sink, length < 0 ? null : ByteBuffer.wrap(chunk, 0, length));
                    } catch (IOException e) {
                        sink.error(e);
                    }
                })
                .subscribeOn(Schedulers.boundedElastic(), true);
    }

    private static Flux<ByteBuffer> read(Callable<ReadableByteChannel> open) {
        return Flux.<ByteBuffer, ReadableByteChannel>generate(
                        open,
                        (channel, sink) -> {
                            try {
                                ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                                int length = channel.read(chunk);
                                emit(sink, length < 0 ? null : chunk.flip());
                            } catch (IOException e) {
                                sink.error(e);
                            }
                            return channel;
                        },
                        LocalBytes::close)
                .subscribeOn(Schedulers.boundedElastic(), true);
    }

    /** Writes a body and completes when all of it was written. The channel is left open. */
    static Mono<Void> write(Flux<ByteBuffer> body, WritableByteChannel to) {
        return body.publishOn(Schedulers.boundedElastic(), AHEAD)
                .<ByteBuffer>handle((bytes, sink) -> {
                    try {
                        while (bytes.hasRemaining()) {
                            to.write(bytes);
                        }
                    } catch (IOException e) {
                        sink.error(e);
                    }
                })
                .then();
    }

    /** Fails when nobody reads the other end any more, unlike the stream itself. */
    static WritableByteChannel channelOf(java.io.PrintStream stream) {
        WritableByteChannel plain = Channels.newChannel(stream);
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int written = plain.write(bytes);
                if (stream.checkError()) {
                    throw new IOException("the output was closed, or the disk is full");
                }
                return written;
            }

            @Override
            public boolean isOpen() {
                return plain.isOpen();
            }

            @Override
            public void close() {
                stream.flush();
            }
        };
    }

    private static void emit(reactor.core.publisher.SynchronousSink<ByteBuffer> sink, @Nullable ByteBuffer chunk) {
        if (chunk == null) {
            sink.complete();
        } else {
            sink.next(chunk);
        }
    }

    private static void close(ReadableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException unimportant) {
            // Closing a file that was only read loses nothing.
        }
    }
}
