// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.EntryId;
import io.terrace.spi.RowFrame;
import io.terrace.spi.WriteId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a record.
 *
 * <pre>
 * offset bytes
 *      0     4  bytes from the format on
 *      4     4  CRC32C of them
 *      8     1  format: 1, and 2 of the types that came later, so that a program that does not know them says why
 *      9     1  type: 1 append, 2 claim, 3 rebase, 4 defer, 5 remove, 6 pin, 7 unpin, 8 mark; of format 2: 9 upload
 *     10     8  how much of the segment was known to be on the disk when this was written
 *     18     .  what the type calls for
 * </pre>
 */
final class LogCodec {

    static final int PREFIX_BYTES = 8;
    static final int LEAST_BYTES = 10;
    static final int MOST_BYTES = 16 * 1024 * 1024;
    static final byte FORMAT = 1;
    static final byte UPLOAD_FORMAT = 2;
    static final int TYPES = 9;

    private static final int UPLOAD = 9;

    private LogCodec() {}

    /**
     * A record and what its prefix says.
     *
     * @param record the record
     * @param synced how much of the segment was on the disk when it was written
     */
    record Stored(LogRecord record, long synced) {}

    /** @throws TooLargeException if no segment could hold it */
    static byte[] encode(LogRecord record, long synced) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0); // Length and checksum come at the end.
            out.write(record instanceof LogRecord.Upload ? UPLOAD_FORMAT : FORMAT);
            out.write(typeOf(record));
            out.writeLong(synced);
            writeBody(out, record);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        byte[] all = bytes.toByteArray();
        int length = all.length - PREFIX_BYTES;
        if (length > MOST_BYTES) {
            throw new TooLargeException(
                    LocalFsErrors.BACKEND,
                    "The log entry takes " + length + " bytes, but at most " + MOST_BYTES + " are possible.",
                    Determinacy.NOT_APPLIED);
        }
        int crc = RowFrame.crcOf(ByteBuffer.wrap(all, PREFIX_BYTES, length));
        ByteBuffer.wrap(all).putInt(length).putInt(crc);
        return all;
    }

    /** Reads what is behind length and checksum, both of which have been checked. */
    static Stored decode(ByteBuffer in) {
        byte format = in.get();
        if (format != FORMAT && format != UPLOAD_FORMAT) {
            throw new IllegalArgumentException(
                    "format " + format + ", but this version knows formats up to " + UPLOAD_FORMAT + " only");
        }
        int type = in.get();
        if ((format == UPLOAD_FORMAT) != (type == UPLOAD)) {
            throw new IllegalArgumentException("unknown type " + type + " of format " + format);
        }
        long synced = in.getLong();
        LogRecord record =
                switch (type) {
                    case 1 -> new LogRecord.Append(readEntry(in));
                    case 2 -> new LogRecord.Claim(readId(in));
                    case 3 -> new LogRecord.Rebase(readId(in), WriteId.readFrom(in));
                    case 4 -> new LogRecord.Defer(readId(in), readBlobs(in));
                    case 5 -> new LogRecord.Remove(readId(in));
                    case 6 -> new LogRecord.Pin(readText(in));
                    case 7 -> new LogRecord.Unpin(readText(in));
                    case 8 -> new LogRecord.Mark();
                    case UPLOAD -> new LogRecord.Upload(UploadCodec.read(in));
                    default -> throw new IllegalArgumentException("unknown type " + type);
                };
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes too many");
        }
        return new Stored(record, synced);
    }

    private static int typeOf(LogRecord record) {
        if (record instanceof LogRecord.Append) {
            return 1;
        } else if (record instanceof LogRecord.Claim) {
            return 2;
        } else if (record instanceof LogRecord.Rebase) {
            return 3;
        } else if (record instanceof LogRecord.Defer) {
            return 4;
        } else if (record instanceof LogRecord.Remove) {
            return 5;
        } else if (record instanceof LogRecord.Pin) {
            return 6;
        } else if (record instanceof LogRecord.Upload) {
            return UPLOAD;
        }
        return record instanceof LogRecord.Unpin ? 7 : 8;
    }

    private static void writeBody(DataOutputStream out, LogRecord record) throws IOException {
        if (record instanceof LogRecord.Append append) {
            writeEntry(out, append.entry());
        } else if (record instanceof LogRecord.Claim claim) {
            writeId(out, claim.id());
        } else if (record instanceof LogRecord.Rebase rebase) {
            writeId(out, rebase.id());
            writeWriteId(out, rebase.base());
        } else if (record instanceof LogRecord.Defer defer) {
            writeId(out, defer.id());
            writeBlobs(out, defer.oldBlobs());
        } else if (record instanceof LogRecord.Remove remove) {
            writeId(out, remove.id());
        } else if (record instanceof LogRecord.Pin pin) {
            writeText(out, pin.name());
        } else if (record instanceof LogRecord.Unpin unpin) {
            writeText(out, unpin.name());
        } else if (record instanceof LogRecord.Upload upload) {
            UploadCodec.write(out, upload.upload());
        }
    }

    private static void writeEntry(DataOutputStream out, ChangeEntry entry) throws IOException {
        writeId(out, entry.id());
        out.write(letterOf(entry.state()));
        writeText(out, entry.object().storagePath());
        BlobId newBlob = entry.newBlob();
        writeText(out, newBlob == null ? "" : newBlob.storagePath());
        writeWriteId(out, entry.base());
        writeBlobs(out, entry.oldBlobs());
    }

    private static ChangeEntry readEntry(ByteBuffer in) {
        EntryId id = readId(in);
        State state = stateOf(in.get());
        ObjectId object = ObjectId.fromStoragePath(readText(in));
        String newBlob = readText(in);
        @Nullable BlobId brought = newBlob.isEmpty() ? null : BlobId.fromStoragePath(newBlob);
        return new ChangeEntry(id, object, brought, WriteId.readFrom(in), readBlobs(in), state);
    }

    private static char letterOf(State state) {
        return switch (state) {
            case OPEN -> 'O';
            case CLAIMED -> 'C';
            case DEFERRED -> 'D';
        };
    }

    private static State stateOf(byte letter) {
        return switch (letter) {
            case 'O' -> State.OPEN;
            case 'C' -> State.CLAIMED;
            case 'D' -> State.DEFERRED;
            default -> throw new IllegalArgumentException("unknown state " + letter);
        };
    }

    private static void writeId(DataOutputStream out, EntryId id) throws IOException {
        out.writeLong(id.uuid().getMostSignificantBits());
        out.writeLong(id.uuid().getLeastSignificantBits());
    }

    private static EntryId readId(ByteBuffer in) {
        return new EntryId(new UUID(in.getLong(), in.getLong()));
    }

    static void writeWriteId(DataOutputStream out, WriteId id) throws IOException {
        out.writeLong(id.high());
        out.writeLong(id.low());
    }

    static void writeBlobs(DataOutputStream out, List<BlobId> blobs) throws IOException {
        out.writeInt(blobs.size());
        for (BlobId blob : blobs) {
            writeText(out, blob.storagePath());
        }
    }

    static List<BlobId> readBlobs(ByteBuffer in) {
        int count = in.getInt();
        List<BlobId> blobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blobs.add(BlobId.fromStoragePath(readText(in)));
        }
        return blobs;
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(ByteBuffer in) {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    static byte[] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
