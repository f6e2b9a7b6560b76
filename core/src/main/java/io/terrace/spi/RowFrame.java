// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.IntegrityException;
import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.TooLargeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a row's head, the same on every store that keeps bytes. Its first {@value #VERSION_BYTES} bytes are
 * kind, write id and bump counter, so that "exactly this version" is a match of a prefix.
 *
 * <pre>
 * offset bytes
 *      0     1  kind: I, T or M
 *      1    16  write id
 *     17     8  bump counter, big endian, as all numbers here
 *     25     1  format, 1
 *     26     1  flags; bit 1: the object's storage path is included
 *     27     8  deadline, microseconds since the epoch
 *     35     8  last write, microseconds since the epoch
 *     43     8  collectable from, microseconds since the epoch; the largest number for never
 *     51     4  payload length            55  4  CRC32C of the payload
 *     59   2+t  storage path of the target
 *      .   4+m  metadata as JSON
 *      .   2+i  storage path of the object, if flagged
 *      .     4  CRC32C of all bytes before
 * </pre>
 *
 * <p>The payload is sealed under its write id: the head carries its length and checksum, and a bump never changes them.
 *
 * @param head the row's head
 * @param object whose row it is, if the frame says
 * @param collectAtMicros when the row may be removed physically; {@link #NEVER} for never
 * @param payloadLength bytes of the payload; 0 unless INLINE
 * @param payloadCrc its CRC32C; 0 unless INLINE
 */
public record RowFrame(
        RowHead head, @Nullable ObjectId object, long collectAtMicros, int payloadLength, int payloadCrc) {

    /** How many bytes at the beginning identify the exact version. */
    public static final int VERSION_BYTES = 25;

    /** The largest encoded head. Metadata of the largest size, the longest path and the longest target fit together. */
    public static final int MAX_BYTES = 24 * 1024;

    /** A row that is never collected. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final byte FORMAT = 1;
    private static final int FLAG_OBJECT = 2;
    private static final int FIXED_BYTES = 59;

    /** The frame of a head, with the time of collection that its kind calls for. */
    public static RowFrame of(RowHead head, @Nullable ObjectId object, @Nullable ByteBuffer payload, long retention) {
        return new RowFrame(
                head,
                object,
                collectAt(head, retention),
                payload == null ? 0 : payload.remaining(),
                payload == null ? 0 : crcOf(payload));
    }

    /** The frame after a bump: the payload stays sealed as it was. */
    public RowFrame withHead(RowHead next, long retention) {
        boolean inline = next.kind() == RowKind.INLINE;
        return new RowFrame(
                next, object, collectAt(next, retention), inline ? payloadLength : 0, inline ? payloadCrc : 0);
    }

    /**
     * When a row may be removed physically: a marker, its retention after the last write; an inline row with a deadline,
     * at the later of that and the deadline; everything else never.
     *
     * @param retention the marker retention, microseconds
     */
    public static long collectAt(RowHead head, long retention) {
        long afterRetention = head.lastWriteMicros() + retention;
        return switch (head.kind()) {
            case MARKER -> afterRetention;
            case INLINE ->
                head.deadline().isNone() ? NEVER : Math.max(head.deadline().micros(), afterRetention);
            default -> NEVER;
        };
    }

    /** The CRC32C of the bytes from position to limit; the buffer is not moved. */
    public static int crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /** @throws TooLargeException if it would be larger than {@link #MAX_BYTES} */
    public ByteBuffer encode() {
        BlobId targetId = head.target();
        ObjectMetadata md = head.metadata();
        byte[] target = targetId == null ? new byte[0] : utf8(targetId.storagePath());
        byte[] metadata = md == null ? new byte[0] : md.toJson();
        byte[] path = object == null ? new byte[0] : utf8(object.storagePath());
        int size = FIXED_BYTES + 2 + target.length + 4 + metadata.length + (object == null ? 0 : 2 + path.length) + 4;
        if (size > MAX_BYTES) {
            throw new TooLargeException("The description of the object takes " + size
                    + " bytes, but a row holds at most " + MAX_BYTES + ". Shorten its custom metadata.");
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) kindLetter(head.kind()));
        head.writeId().writeTo(out);
        out.putLong(head.version().bump());
        out.put(FORMAT).put((byte) (object == null ? 0 : FLAG_OBJECT));
        out.putLong(head.deadline().micros()).putLong(head.lastWriteMicros()).putLong(collectAtMicros);
        out.putInt(payloadLength).putInt(payloadCrc);
        out.putShort((short) target.length).put(target);
        out.putInt(metadata.length).put(metadata);
        if (object != null) {
            out.putShort((short) path.length).put(path);
        }
        out.putInt(crcOf(out.duplicate().flip()));
        return out.flip();
    }

    /**
     * Reads a frame and leaves the buffer at the first byte after it, or where it was if there is an error.
     *
     * @param what names the row in the error message
     * @throws IntegrityException if the bytes are not a frame, are damaged, or are of a later format
     */
    public static RowFrame decode(ByteBuffer source, String what) {
        // A duplicate is big endian, whatever the order of the source.
        ByteBuffer in = source.duplicate();
        int start = in.position();
        try {
            RowKind kind = kindOf(in.get());
            RowVersion version = RowVersion.of(WriteId.readFrom(in), in.getLong());
            byte format = in.get();
            if (format != FORMAT) {
                throw new IntegrityException(
                        "The row of " + what + " has format " + format + ", but this version reads " + FORMAT
                                + " only. Open the store with the version that wrote it, or a later one.");
            }
            boolean withObject = (in.get() & FLAG_OBJECT) != 0;
            Deadline deadline = new Deadline(in.getLong());
            long lastWrite = in.getLong();
            long collectAt = in.getLong();
            int payloadLength = in.getInt();
            int payloadCrc = in.getInt();
            byte[] target = take(in, Short.toUnsignedInt(in.getShort()));
            byte[] metadata = take(in, in.getInt());
            byte[] path = withObject ? take(in, Short.toUnsignedInt(in.getShort())) : new byte[0];
            int end = in.position();
            if (in.getInt() != crcOf(in.duplicate().position(start).limit(end))) {
                throw damaged(what, "its checksum does not match", null);
            }
            RowHead head = new RowHead(
                    kind,
                    version,
                    deadline,
                    lastWrite,
                    metadata.length == 0 ? null : metadataOf(metadata, what),
                    target.length == 0 ? null : BlobId.fromStoragePath(text(target)));
            ObjectId object = withObject ? ObjectId.fromStoragePath(text(path)) : null;
            source.position(in.position());
            return new RowFrame(head, object, collectAt, payloadLength, payloadCrc);
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException | InvalidObjectIdException malformed) {
            throw damaged(what, "it cannot be decoded", malformed);
        }
    }

    /** Checks a payload against the seal. */
    public void verify(ByteBuffer payload, String what) {
        if (payload.remaining() != payloadLength || crcOf(payload) != payloadCrc) {
            throw damaged(what, "its payload does not match the checksum it was written with", null);
        }
    }

    private static IntegrityException damaged(String what, String how, @Nullable Throwable cause) {
        String message = "The row of " + what + " is damaged: " + how
                + ". Restore it from a copy; its bytes have not been touched.";
        return cause == null ? new IntegrityException(message) : new IntegrityException(message, cause);
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static ObjectMetadata metadataOf(byte[] json, String what) {
        try {
            return ObjectMetadata.fromJson(json);
        } catch (IntegrityException malformed) {
            throw damaged(what, "its metadata cannot be read", malformed);
        }
    }

    private static char kindLetter(RowKind kind) {
        return switch (kind) {
            case INLINE -> 'I';
            case TOMBSTONE -> 'T';
            case MARKER -> 'M';
            case ABSENT -> throw new IllegalArgumentException("an absent row is not stored");
        };
    }

    private static RowKind kindOf(byte letter) {
        return switch (letter) {
            case 'I' -> RowKind.INLINE;
            case 'T' -> RowKind.TOMBSTONE;
            case 'M' -> RowKind.MARKER;
            default -> throw new IllegalArgumentException("unknown kind of row: " + letter);
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
