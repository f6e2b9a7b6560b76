// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Blobs as files, one each: a frame that says what it is, then the body. A blob is written under a temporary name, forced,
 * and linked to its own, so it is there as a whole or not at all.
 */
final class LocalFsBlobs implements LongTermBackend, MultiBlobDeletes, BlobListing {

    /** So that one call neither fills the queue of the threads nor leaves most of them idle. */
    private static final int DELETES_AT_A_TIME = 4;

    private static final int MAX_BLOBS = 256;

    private final Layout layout;
    private final IoThreads io;
    private final Fuse fuse = new Fuse();
    private final LocalFsUploads uploads;
    private final Set<FileWork<?>> underWay = ConcurrentHashMap.newKeySet();
    private final Set<OpenBlob> open = ConcurrentHashMap.newKeySet();

    LocalFsBlobs(Layout layout, IoThreads io, TerraceRuntime runtime) {
        this.layout = layout;
        this.io = io;
        this.uploads = new LocalFsUploads(this, new SessionFiles(layout.uploads(), layout.files()), io, runtime);
    }

    @Override
    public String name() {
        return LocalFsErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.SHARED, Capability.FILE_REGIONS);
    }

    /** Has {@link io.terrace.spi.MultipartUploads} and the listing of its sessions too. */
    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return LongTermBackend.super
                .facet(type)
                .or(() -> type.isInstance(uploads) ? Optional.of(type.cast(uploads)) : Optional.empty());
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        requireNonNull(body, "body");
        requireNonNull(gate, "gate");
        return Mono.create(sink -> {
            fuse.check();
            BlobUpload upload = new BlobUpload(this, io, id, metadata, gate, sink);
            admit(upload, sink);
            upload.start(body);
        });
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        requireNonNull(id, "id");
        return io.call(() -> openBlob(id, range), OpenBlob::closeSoon).cast(BlobContent.class);
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        requireNonNull(id, "id");
        return io.call(() -> {
            try {
                BlobFrame frame = frameAt(pathOf(id), id);
                return frame == null ? null : frame.info();
            } catch (IOException e) {
                throw LocalFsErrors.of("reading the blob " + id, e);
            }
        });
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        requireNonNull(id, "id");
        return io.call(() -> {
            fuse.check();
            try {
                layout.files().remove(pathOf(id));
                return null;
            } catch (IOException e) {
                throw fuse.judge("deleting the blob " + id, e);
            }
        });
    }

    @Override
    public int maxBlobs() {
        return MAX_BLOBS;
    }

    /** Each as a delete of its own: those of one context lie in many directories, and each has to be forced. */
    @Override
    public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
        requireNonNull(ids, "ids");
        return Mono.defer(() -> {
            if (ids.size() > MAX_BLOBS) {
                throw new IllegalArgumentException(
                        "There are " + ids.size() + " ids, but one call takes at most " + MAX_BLOBS + ".");
            }
            io.checkOpen();
            fuse.check();
            return Flux.fromIterable(Set.copyOf(ids))
                    .flatMap(this::failureOf, DELETES_AT_A_TIME)
                    .collectMap(Map.Entry::getKey, Map.Entry::getValue);
        });
    }

    private Mono<Map.Entry<BlobId, Throwable>> failureOf(BlobId id) {
        return delete(id)
                .then(Mono.<Map.Entry<BlobId, Throwable>>empty())
                .onErrorResume(error -> Mono.just(Map.entry(id, error)));
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        requireNonNull(prefix, "prefix");
        Supplier<FileWalk<BlobId>> walk = () -> new FileWalk<>(layout.blobs(), prefix, this::blobAt);
        return FileWalk.pages(io, walk, "listing the blobs below '" + prefix + "'");
    }

    @Override
    public Mono<Health> check() {
        return Checks.of(layout, io, fuse, "blobs in " + layout.blobs());
    }

    @Override
    public Mono<Void> closeLater() {
        return io.closeLater(() -> {
            underWay.forEach(FileWork::abort);
            open.forEach(OpenBlob::abort);
        });
    }

    DurableFiles files() {
        return layout.files();
    }

    Fuse fuse() {
        return fuse;
    }

    Path pathOf(BlobId id) {
        return StorePaths.blob(layout.blobs(), id);
    }

    /** Takes work on, or refuses it; ends it when its receiver or the store does. */
    void admit(FileWork<?> work, MonoSink<?> sink) {
        io.begin();
        underWay.add(work);
        sink.onCancel(work::cancel);
        if (io.isClosed()) {
            work.abort();
        }
    }

    void forget(FileWork<?> work) {
        if (underWay.remove(work)) {
            io.end();
        }
    }

    /** Gives a file that is on the disk the name of its blob. */
    BlobInfo publish(Temporary finished, BlobInfo info) throws IOException {
        Path target = pathOf(info.id());
        // Ids are unique: a blob that is there is ours, of an earlier attempt (LT-2, MU-5).
        if (layout.files().link(finished, target)) {
            return info;
        }
        BlobFrame earlier = frameAt(target, info.id());
        return earlier == null ? info : earlier.info();
    }

    void forget(OpenBlob blob) {
        open.remove(blob);
        io.release();
    }

    static @Nullable BlobFrame frameAt(Path path, BlobId id) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return checkedFrame(channel, id);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    private static BlobFrame checkedFrame(FileChannel channel, BlobId id) throws IOException {
        BlobFrame frame = BlobFrame.read(channel, id.toString());
        if (!frame.info().id().equals(id)) {
            throw LocalFsErrors.damaged(
                    "The blob " + id, "its file is that of " + frame.info().id());
        }
        return frame;
    }

    private @Nullable OpenBlob openBlob(BlobId id, @Nullable ByteRange range) {
        io.hold();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(pathOf(id), StandardOpenOption.READ);
            BlobFrame frame = checkedFrame(channel, id);
            OpenBlob blob = new OpenBlob(
                    this, io, channel, frame, resolve(range, frame.info().size()));
            open.add(blob);
            if (io.isClosed()) {
                blob.abort();
            }
            return blob;
        } catch (NoSuchFileException absent) {
            io.release();
            return null;
        } catch (IOException | RuntimeException e) {
            close(channel);
            io.release();
            throw e instanceof IOException cause
                    ? LocalFsErrors.of("opening the blob " + id, cause)
                    : (RuntimeException) e;
        }
    }

    private static @Nullable ContentRange resolve(@Nullable ByteRange range, long size) {
        try {
            return range == null ? null : range.resolve(size);
        } catch (RangeNotSatisfiableException e) {
            throw new RangeNotSatisfiableException(LocalFsErrors.BACKEND, size);
        }
    }

    static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException unimportant) {
            // Closing a file that was only read loses nothing.
        }
    }

    private @Nullable BlobId blobAt(Path file, FileWalk.Candidate candidate) throws IOException {
        StorePaths.BlobName name = StorePaths.blobName(candidate.fileName());
        if (name == null || !candidate.mayBeNamed(name.key())) {
            return null;
        }
        BlobId id = candidate.context() == null || name.key() == null
                ? idInside(file)
                : name.of(candidate.context() + name.key());
        // A copy in another place is nobody's.
        return id != null
                        && candidate.isNamed(id.object().storagePath())
                        && pathOf(id).equals(file)
                ? id
                : null;
    }

    /** Of a blob whose path is hashed. */
    private static @Nullable BlobId idInside(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return BlobFrame.read(channel, file.toString()).info().id();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }
}
