// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.blobId;
import static io.terrace.localfs.Samples.entry;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ByteRange;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.check.BlockingProbe;
import io.terrace.testkit.check.LeakProbe;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Threads are not blocked, interrupts do no harm, and nothing stays open. */
class HygieneTest {

    @TempDir
    Path root;

    private HighVolumeBackend rows;
    private LongTermBackend blobs;
    private ChangeLog log;

    @BeforeEach
    void open() {
        LocalFs store = LocalFs.at(root, RUNTIME);
        rows = store.rows();
        blobs = store.blobs();
        log = store.changeLog();
    }

    @AfterEach
    void close() {
        await(rows.closeLater());
        await(blobs.closeLater());
        await(log.closeLater());
    }

    @Test
    void noCallBlocksItsCaller() {
        BlockingProbe.assertInstalled();
        BlobId blob = blobId("k");
        await(blobs.put(blob, METADATA, Payload.of(Samples.bytes(300_000, 1)), CommitGate.OPEN));
        await(Flux.range(0, 20)
                .flatMapIterable(i -> calls(blob))
                .flatMap(call -> Flux.from(call).then().subscribeOn(Schedulers.parallel()), 64));
        await(Flux.just(rows.closeLater(), blobs.closeLater(), log.closeLater())
                .flatMap(closing -> closing.subscribeOn(Schedulers.parallel())));
        BlockingProbe.assertNothingBlocked();
    }

    private List<Publisher<?>> calls(BlobId blob) {
        ChangeEntry entry = entry("k");
        MultipartUploads uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        return List.of(
                uploads.start(blobId("k"), METADATA)
                        .flatMap(session -> uploads.uploadPart(session, 1, Payload.of(Samples.bytes(50_000, 2)), null)
                                .delayUntil(part -> uploads.listParts(session, 0, 10))
                                .flatMap(part -> uploads.complete(session, List.of(part)))),
                uploads.start(blobId("k"), METADATA).flatMap(uploads::abort),
                ((UploadSessionListing) uploads).sessions(""),
                rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("v")),
                rows.deleteUnlessTombstone(id("k"), RUNTIME.newWriteId()),
                rows.compareAndSet(id("k"), RowVersion.ABSENT, new RowWrite.Marker(RUNTIME.newWriteId())),
                rows.bump(id("k"), RowHead.ABSENT, RowChange.fence(1)),
                rows.read(id("k"), RowProjection.FULL),
                ((RowListing) rows).scan("", ""),
                ((MarkerCollection) rows).collectMarkers(),
                rows.check(),
                blobs.put(blobId("k"), METADATA, Payload.ofText("v"), CommitGate.OPEN),
                blobs.head(blob),
                blobs.get(blob, null).flatMapMany(BlobContent::body),
                blobs.get(blob, null).flatMap(BlobContent::discard),
                blobs.get(blob, null).flatMapMany(content -> content.body().take(1)),
                blobs.delete(blobId("k")),
                ((BlobListing) blobs).list(""),
                blobs.check(),
                log.append(entry).then(log.claim(entry.id())).then(log.remove(entry.id())),
                log.get(entry.id()),
                log.scan(ScanScope.ALL),
                log.pins().pin("p").then(log.pins().any()).then(log.pins().unpin("p")),
                log.check());
    }

    @Test
    void nothingStaysOpenWhateverBecameOfTheCalls() {
        // The lock file stays open on purpose, and is open already.
        LeakProbe leaks = LeakProbe.start();
        LocalFs store = LocalFs.at(root, RUNTIME);
        HighVolumeBackend someRows = store.rows();
        LongTermBackend someBlobs = store.blobs();
        BlobId blob = blobId("k");
        await(someBlobs.put(blob, METADATA, Payload.of(Samples.bytes(300_000, 1)), CommitGate.OPEN));
        for (int i = 0; i < 30; i++) {
            await(someRows.putUnlessTombstone(id("k" + i), RUNTIME.newWriteId(), inline("v")));
            await(someBlobs.get(blob, null).flatMapMany(BlobContent::body));
            await(someBlobs.get(blob, ByteRange.last(5)).flatMap(BlobContent::discard));
            await(someBlobs.get(blob, null).flatMapMany(content -> content.body()
                    .take(1)));
            await(someBlobs.get(blob, ByteRange.from(300_000)).onErrorComplete());
            await(someBlobs.get(blobId("absent"), null));
            someBlobs.get(blob, null).subscribe().dispose();
            someBlobs
                    .put(blobId("k"), METADATA, Payload.from(Flux.never()), CommitGate.OPEN)
                    .subscribe()
                    .dispose();
            someBlobs
                    .put(blobId("k"), METADATA, Payload.ofText("x"), Mono::never)
                    .subscribe(info -> {}, error -> {});
        }
        // One that nobody reads or discards.
        await(someBlobs.get(blob, null));
        await(someRows.closeLater());
        await(someBlobs.closeLater());
        leaks.assertNothingLeaked();
    }

    @Test
    void anInterruptedCallerAndAnInterruptOnOurThreadLeaveTheLocksAlone() throws Exception {
        AtomicReference<Thread> ours = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("v"))
                    .doOnNext(done -> {
                        ours.set(Thread.currentThread());
                        Thread.currentThread().interrupt();
                    })
                    .subscribe();
        });
        caller.start();
        caller.join();
        for (int i = 0; i < 50; i++) {
            await(rows.putUnlessTombstone(id("k" + i), RUNTIME.newWriteId(), inline("v")));
        }
        assertThat(ours.get()).isNotNull();
        assertThat(ours.get().isInterrupted()).isFalse();
        assertThat(await(rows.check()).healthy()).isTrue();
    }

    @Test
    void onAnyOtherThreadAnInterruptClosesTheChannel() throws Exception {
        // What the test above is about.
        try (FileChannel channel =
                FileChannel.open(root.resolve("other"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
    }
}
