// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** A piece of a body, in arrays that nobody else has. They grow, so that a small body of unknown length takes little. */
final class Part {

    private static final int FIRST_PIECE = 64 << 10;
    private static final int MOST_PIECE = 1 << 20;

    private final int number;
    private final long capacity;
    private final CRC32C crc = new CRC32C();
    private final @Nullable MessageDigest md5;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long size;
    private boolean last;

    /**
     * @param capacity how many bytes it takes
     * @param withMd5 whether its MD5 will be asked for
     */
    Part(int number, long capacity, boolean withMd5) {
        this.number = number;
        this.capacity = capacity;
        this.md5 = withMd5 ? newMd5() : null;
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    int number() {
        return number;
    }

    long capacity() {
        return capacity;
    }

    long size() {
        return size;
    }

    int crc32c() {
        return (int) crc.getValue();
    }

    /** As the header {@code Content-MD5} has it; {@code null} if it was not computed. To be called once. */
    @Nullable
    String contentMd5() {
        return md5 == null ? null : Base64.getEncoder().encodeToString(md5.digest());
    }

    private void digest(ByteBuffer bytes) {
        crc.update(bytes.duplicate());
        if (md5 != null) {
            md5.update(bytes.duplicate());
        }
    }

    /** Whether nothing of the body follows it. */
    boolean isLast() {
        return last;
    }

    void endBody() {
        last = true;
    }

    boolean isFull() {
        return size == capacity;
    }

    /** Takes as much as there is room for, and moves the position of the source beyond it. */
    void copy(ByteBuffer source) {
        while (source.hasRemaining() && !isFull()) {
            ByteBuffer piece = room();
            int count = Math.min(source.remaining(), piece.remaining());
            ByteBuffer taken = source.slice(source.position(), count);
            digest(taken);
            piece.put(taken);
            source.position(source.position() + count);
            size += count;
        }
    }

    /** Takes bytes without a copy: of a body that is in memory already. */
    void add(ByteBuffer bytes) {
        digest(bytes);
        size += bytes.remaining();
        ByteBuffer full = bytes.slice();
        pieces.add(full.position(full.limit()));
    }

    private ByteBuffer room() {
        ByteBuffer current = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (current != null && current.hasRemaining()) {
            return current;
        }
        long next = pieces.isEmpty() ? FIRST_PIECE : Math.min(MOST_PIECE, size);
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(next, capacity - size));
        pieces.add(piece);
        return piece;
    }

    /** Shows its bytes to a checksum. */
    void updateInto(Consumer<ByteBuffer> checksum) {
        pieces.forEach(piece -> checksum.accept(piece.duplicate().flip()));
    }

    /** Forgets the bytes. The client remembers the last request of each idle connection, and would hold them with it. */
    void release() {
        pieces.clear();
    }

    /** The bytes, for one request; may be called again for the next. */
    AsyncRequestBody body() {
        Optional<Long> length = Optional.of(size);
        return new AsyncRequestBody() {
            @Override
            public Optional<Long> contentLength() {
                return length;
            }

            @Override
            public void subscribe(Subscriber<? super ByteBuffer> client) {
                filled().subscribe(client);
            }
        };
    }

    private AsyncRequestBody filled() {
        ByteBuffer[] filled = new ByteBuffer[pieces.size()];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = pieces.get(i).duplicate().flip();
        }
        return switch (filled.length) {
            case 0 -> AsyncRequestBody.empty();
            case 1 -> AsyncRequestBody.fromByteBufferUnsafe(filled[0]);
            default -> AsyncRequestBody.fromByteBuffersUnsafe(filled);
        };
    }
}
