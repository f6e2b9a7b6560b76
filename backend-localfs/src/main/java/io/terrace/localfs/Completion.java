// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.UploadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * Makes parts one blob: copies them behind one another into a file that has no name yet, some at a time so that others get
 * their turn, and gives it its name when it is on the disk. Nothing but its session tells what it has done so far, so one that
 * breaks off begins anew.
 */
final class Completion extends FileWork<BlobInfo> {

    private static final int BUFFER_BYTES = 1 << 20;
    /** How much is copied before a thread looks for other work. */
    private static final long BYTES_PER_TURN = 16L << 20;

    private final LocalFsUploads uploads;
    private final LocalFsBlobs blobs;
    private final UploadSession session;
    private final List<UploadedPart> list;
    private final CRC32C crc = new CRC32C();

    private @Nullable BlobInfo begun;
    private long length;
    private int next;
    /** The part that is being copied. */
    private @Nullable FileChannel part;

    private @Nullable PartFrame frame;
    private final CRC32C partCrc = new CRC32C();
    private long copied;

    Completion(
            LocalFsUploads uploads,
            LocalFsBlobs blobs,
            IoThreads io,
            UploadSession session,
            List<UploadedPart> list,
            MonoSink<BlobInfo> sink) {
        super(blobs, io, "completing the " + session, sink);
        this.uploads = uploads;
        this.blobs = blobs;
        this.session = session;
        this.list = list;
    }

    void start() {
        step(() -> begun = uploads.describe(session));
        unlessGone(() -> {
            uploads.requireList(session, list);
            file().write(head());
            copy();
        });
    }

    /** Somebody else may have completed it meanwhile, or ended it. */
    private void unlessGone(IoStep step) {
        step(() -> {
            try {
                step.run();
            } catch (NoSuchFileException | UploadGoneException ended) {
                BlobId id = session.blob();
                BlobFrame found = LocalFsBlobs.frameAt(blobs.pathOf(id), id);
                if (found == null) {
                    throw LocalFsUploads.gone(session);
                }
                succeed(found.info());
            }
        });
    }

    private ByteBuffer head() {
        BlobInfo info = begun;
        if (info == null || info.metadata() == null) {
            throw new IllegalStateException("the session is read first");
        }
        return BlobFrame.encode(info.id(), info.metadata(), length, (int) crc.getValue());
    }

    private void copy() throws IOException {
        for (long turn = 0; turn < BYTES_PER_TURN; ) {
            if (part == null && next == list.size()) {
                finish();
                return;
            }
            turn += copySome();
        }
        unlessGone(this::copy);
    }

    /** The next bytes, or the step to the next part. */
    private int copySome() throws IOException {
        UploadedPart wanted = list.get(next);
        if (part == null) {
            part = uploads.open(session, wanted.number());
            PartFrame opened = PartFrame.read(part, "part " + wanted.number() + " of the " + session);
            // It may have been replaced since the list was checked.
            uploads.limits().requireList(LocalFsErrors.BACKEND, List.of(wanted), number -> opened.info());
            frame = opened;
            copied = 0;
            partCrc.reset();
        }
        PartFrame current = frame;
        if (current == null) {
            throw new IllegalStateException("the frame is read with the part");
        }
        int size = (int) Math.min(BUFFER_BYTES, current.info().size() - copied);
        ByteBuffer bytes = RowFile.readAt(part, PartFrame.BYTES + copied, size);
        partCrc.update(bytes.duplicate());
        crc.update(bytes.duplicate());
        copied += bytes.remaining();
        length += bytes.remaining();
        if (bytes.remaining() < size
                || (copied == current.info().size() && (int) partCrc.getValue() != current.crc())) {
            throw LocalFsErrors.damaged(
                    "Part " + wanted.number() + " of the " + session, "its bytes are not those that were stored");
        }
        file().write(bytes);
        if (copied == current.info().size()) {
            letGo();
            next++;
        }
        return size + 1;
    }

    private void finish() throws IOException {
        file().overwrite(head(), 0);
        file().finish();
        blobs.fuse().check();
        // As late as possible: what was aborted meanwhile should not appear.
        BlobInfo info = uploads.describe(session);
        BlobInfo found = blobs.publish(file(), new BlobInfo(info.id(), length, info.metadata()));
        uploads.end(session);
        succeed(found);
    }

    @Override
    void letGo() {
        LocalFsBlobs.close(part);
        part = null;
    }
}
