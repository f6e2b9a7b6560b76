// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Uploads in parts as directories, one each. A session is there while the file that describes it is: that is linked first and
 * removed first, so every moment between its begin and its end is one name. Parts lie beside it as files.
 */
final class LocalFsUploads implements MultipartUploads, UploadSessionListing {

    private static final int MAX_PART_NUMBER = 10_000;
    private static final UploadLimits LIMITS = new UploadLimits(MAX_PART_NUMBER, 0, Long.MAX_VALUE);

    private final LocalFsBlobs blobs;
    private final SessionFiles files;
    private final IoThreads io;
    private final TerraceRuntime runtime;

    LocalFsUploads(LocalFsBlobs blobs, SessionFiles files, IoThreads io, TerraceRuntime runtime) {
        this.blobs = blobs;
        this.files = files;
        this.io = io;
        this.runtime = runtime;
    }

    @Override
    public UploadLimits limits() {
        return LIMITS;
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        return call("starting an upload of " + id, () -> {
            UploadSession session = new UploadSession(id, runtime.newUuid().toString());
            files.create(session, BlobFrame.encode(id, metadata, 0, 0));
            return session;
        });
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        requireNonNull(session, "session");
        requireNonNull(body, "body");
        return Mono.create(sink -> {
            blobs.fuse().check();
            LIMITS.requirePart(LocalFsErrors.BACKEND, number, body.contentLength());
            PartUpload upload = new PartUpload(this, blobs, io, session, number, checksum, sink);
            blobs.admit(upload, sink);
            upload.step(() -> describe(session));
            upload.start(body);
        });
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        requireNonNull(session, "session");
        return call("listing the parts of the " + session, () -> {
            if (max < 1) {
                throw new IllegalArgumentException("A page has at least one part, not " + max + ".");
            }
            describe(session);
            List<PartInfo> page = new ArrayList<>();
            for (int number : files.partsAfter(session, after)) {
                if (page.size() == max) {
                    return new PartPage(page, true);
                }
                page.add(requireNonNull(partInfo(session, number)));
            }
            return new PartPage(page, false);
        });
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        requireNonNull(session, "session");
        List<UploadedPart> list = List.copyOf(parts);
        return Mono.create(sink -> {
            blobs.fuse().check();
            Completion completion = new Completion(this, blobs, io, session, list, sink);
            blobs.admit(completion, sink);
            completion.start();
        });
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        requireNonNull(session, "session");
        return call("aborting the " + session, () -> {
            try {
                describe(session);
            } catch (UploadGoneException gone) {
                return null;
            }
            end(session);
            return null;
        });
    }

    @Override
    public Flux<UploadSession> sessions(String prefix) {
        requireNonNull(prefix, "prefix");
        return files.list(io, prefix);
    }

    long nowMicros() {
        return runtime.nowMicros();
    }

    /** What was said at its start, with the size 0; fails if the session is gone. */
    BlobInfo describe(UploadSession session) throws IOException {
        BlobInfo info = files.read(session);
        if (info == null) {
            throw gone(session);
        }
        return info;
    }

    void store(Temporary file, UploadSession session, int number) throws IOException {
        blobs.fuse().check();
        describe(session);
        try {
            files.store(file, session, number);
        } catch (NoSuchFileException ended) {
            throw gone(session);
        }
    }

    FileChannel open(UploadSession session, int number) throws IOException {
        return FileChannel.open(files.part(session, number), StandardOpenOption.READ);
    }

    void requireList(UploadSession session, List<UploadedPart> list) throws IOException {
        try {
            LIMITS.requireList(LocalFsErrors.BACKEND, list, number -> {
                try {
                    return partInfo(session, number);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What is known about a part; {@code null} if there is none. */
    private @Nullable PartInfo partInfo(UploadSession session, int number) throws IOException {
        try (FileChannel channel = open(session, number)) {
            return PartFrame.read(channel, "part " + number + " of the " + session)
                    .info();
        } catch (NoSuchFileException absent) {
            describe(session);
            return null;
        }
    }

    void end(UploadSession session) throws IOException {
        files.remove(session);
    }

    static UploadGoneException gone(UploadSession session) {
        return new UploadGoneException(
                LocalFsErrors.BACKEND,
                "There is no " + session + ": it was completed or aborted, or it never began. Begin another one.");
    }

    private <T> Mono<T> call(String what, Callable<@Nullable T> work) {
        return io.call(() -> {
            blobs.fuse().check();
            try {
                return work.call();
            } catch (IOException e) {
                throw blobs.fuse().judge(what, e);
            }
        });
    }
}
