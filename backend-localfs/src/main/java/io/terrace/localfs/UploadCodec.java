// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
import io.terrace.spi.WriteId;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of an upload's record, within a record of the log.
 *
 * <pre>
 * bytes
 *     1  state: O open, C completing, Y dying, T committed, D dead
 *     8  revision
 *     8  when it started
 *     8  when it entered its state
 *    16  secret
 *   4+p  storage path of the blob
 *   4+t  token of the session
 *   4+m  metadata as JSON
 *     .  of C and Y only: 16 bytes attempt, 16 bytes base, old blobs
 * </pre>
 */
final class UploadCodec {

    private UploadCodec() {}

    static void write(DataOutputStream out, UploadRecord upload) throws IOException {
        out.write(letterOf(upload.state()));
        out.writeLong(upload.revision());
        out.writeLong(upload.startedMicros());
        out.writeLong(upload.sinceMicros());
        out.writeLong(upload.secret().high());
        out.writeLong(upload.secret().low());
        LogCodec.writeText(out, upload.blob().storagePath());
        LogCodec.writeText(out, upload.session().token());
        LogCodec.writeBytes(out, upload.metadata().toJson());
        UUID attempt = upload.attempt();
        if (attempt != null) {
            out.writeLong(attempt.getMostSignificantBits());
            out.writeLong(attempt.getLeastSignificantBits());
            LogCodec.writeWriteId(out, upload.base());
            LogCodec.writeBlobs(out, upload.oldBlobs());
        }
    }

    static UploadRecord read(ByteBuffer in) {
        State state = stateOf(in.get());
        long revision = in.getLong();
        long started = in.getLong();
        long since = in.getLong();
        UploadSecret secret = UploadSecret.readFrom(in);
        UploadSession session = new UploadSession(BlobId.fromStoragePath(LogCodec.readText(in)), LogCodec.readText(in));
        ObjectMetadata metadata = ObjectMetadata.fromJson(LogCodec.readBytes(in));
        @Nullable UUID attempt = null;
        WriteId base = WriteId.NONE;
        List<BlobId> oldBlobs = List.of();
        if (state == State.COMPLETING || state == State.DYING) {
            attempt = new UUID(in.getLong(), in.getLong());
            base = WriteId.readFrom(in);
            oldBlobs = LogCodec.readBlobs(in);
        }
        return new UploadRecord(session, secret, metadata, state, attempt, base, oldBlobs, started, since, revision);
    }

    private static char letterOf(State state) {
        return switch (state) {
            case OPEN -> 'O';
            case COMPLETING -> 'C';
            case DYING -> 'Y';
            case COMMITTED -> 'T';
            case DEAD -> 'D';
        };
    }

    private static State stateOf(byte letter) {
        return switch (letter) {
            case 'O' -> State.OPEN;
            case 'C' -> State.COMPLETING;
            case 'Y' -> State.DYING;
            case 'T' -> State.COMMITTED;
            case 'D' -> State.DEAD;
            default -> throw new IllegalArgumentException("unknown state " + letter + " of an upload");
        };
    }
}
