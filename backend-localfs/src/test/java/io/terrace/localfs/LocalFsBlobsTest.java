// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.blobId;
import static io.terrace.localfs.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.FileRegion;
import io.terrace.IntegrityException;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class LocalFsBlobsTest {

    private static final byte[] LARGE = bytes(700_000, 1);

    @TempDir
    Path root;

    private LongTermBackend blobs;

    @BeforeEach
    void open() {
        blobs = LocalFs.at(root, RUNTIME).blobs();
    }

    @AfterEach
    void close() {
        await(blobs.closeLater());
    }

    @Test
    void aBlobIsReadAsItWasWritten() {
        BlobId id = blobId("k");
        Payload body = Payload.from(Flux.range(0, 7).map(i -> ByteBuffer.wrap(LARGE, i * 100_000, 100_000)));
        BlobInfo info = await(blobs.put(id, METADATA, body, CommitGate.OPEN));
        assertThat(info).isEqualTo(new BlobInfo(id, LARGE.length, METADATA));
        assertThat(await(blobs.head(id))).isEqualTo(info);
        assertThat(Samples.readAll(blobs, id)).isEqualTo(LARGE);
        assertThat(await(((BlobListing) blobs).list("docs"))).containsExactly(id);
    }

    @Test
    void aRangeIsReadWithoutTheRest() {
        BlobId id = put(LARGE);
        BlobContent content = await(blobs.get(id, ByteRange.bounded(299_999, 600_000)));
        assertThat(Samples.join(await(content.body()))).isEqualTo(Arrays.copyOfRange(LARGE, 299_999, 600_001));
    }

    @Test
    void anEmptyBlobEndsWithoutBeingAskedForABuffer() {
        BlobId id = put(new byte[0]);
        StepVerifier.create(await(blobs.get(id, null)).body(), 0)
                .expectComplete()
                .verify(Samples.LIMIT);
    }

    @Test
    void nothingIsReadWithoutDemandAndNothingIsEmittedBeyondIt() {
        BlobContent content = await(blobs.get(put(LARGE), null));
        StepVerifier.create(content.body(), 0)
                .expectSubscription()
                .thenRequest(2)
                .expectNextCount(2)
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify(Samples.LIMIT);
    }

    @Test
    void theBytesLieInAFileThatIsOpenUntilTheContentIsDiscarded() throws IOException {
        BlobContent content = await(blobs.get(put(LARGE), ByteRange.from(100)));
        FileRegion region = content.file().orElseThrow();
        ByteBuffer bytes = ByteBuffer.allocate((int) region.length());
        assertThat(region.channel().read(bytes, region.position())).isEqualTo(LARGE.length - 100);
        assertThat(bytes.array()).isEqualTo(Arrays.copyOfRange(LARGE, 100, LARGE.length));
        await(content.discard());
        await(content.discard());
        await(blobs.check());
        assertThat(region.channel().isOpen()).isFalse();
    }

    @Test
    void aReaderThatHasABlobOpenFinishesAfterItsDeletion() {
        BlobId id = put(LARGE);
        BlobContent content = await(blobs.get(id, null));
        await(blobs.delete(id));
        await(blobs.delete(id));
        assertThat(await(blobs.head(id))).isNull();
        assertThat(Samples.join(await(content.body()))).isEqualTo(LARGE);
    }

    @Test
    void aSecondSubscriptionIsRefused() {
        BlobContent content = await(blobs.get(put(LARGE), null));
        await(content.body());
        StepVerifier.create(content.body()).verifyError(IllegalStateException.class);
    }

    @Test
    void aDamagedBodyNeverEndsWell() throws IOException {
        BlobId id = put(LARGE);
        Path file = Samples.filesBelow(root.resolve("blobs")).get(0);
        byte[] stored = Files.readAllBytes(file);
        stored[stored.length - 300_000] ^= 1;
        Files.write(file, stored);
        StepVerifier.create(blobs.get(id, null).flatMapMany(BlobContent::body).then())
                .verifyError(IntegrityException.class);
    }

    @Test
    void aTruncatedOrDamagedFrameIsFoundWhenTheBlobIsOpened() throws IOException {
        BlobId id = put(bytes(10, 3));
        Path file = Samples.filesBelow(root.resolve("blobs")).get(0);
        byte[] stored = Files.readAllBytes(file);
        for (int length = 0; length < stored.length; length++) {
            Files.write(file, Arrays.copyOf(stored, length));
            StepVerifier.create(blobs.get(id, null)).verifyError(IntegrityException.class);
        }
        for (int i = 0; i < stored.length - 10; i++) {
            byte[] flipped = stored.clone();
            flipped[i] ^= 4;
            Files.write(file, flipped);
            StepVerifier.create(blobs.head(id)).verifyError(IntegrityException.class);
        }
    }

    @Test
    void aBlobAppearsWhenTheGateOpensAndNotBefore() throws IOException {
        BlobId id = blobId("k");
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.Empty<Void> asked = Sinks.empty();
        Mono<BlobInfo> put = blobs.put(id, METADATA, Payload.of(LARGE), () -> {
            asked.tryEmitEmpty();
            return gate.asMono();
        });
        StepVerifier.create(put)
                .then(() -> await(asked.asMono()))
                .then(() -> assertThat(await(blobs.head(id))).isNull())
                .then(gate::tryEmitEmpty)
                .expectNextCount(1)
                .expectComplete()
                .verify(Samples.LIMIT);
        assertThat(Samples.readAll(blobs, id)).isEqualTo(LARGE);
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void anUploadThatIsCancelledLeavesNothing() throws Exception {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        BlobId id = blobId("k");
        StepVerifier.create(blobs.put(id, METADATA, Payload.from(source), CommitGate.OPEN))
                .expectSubscription()
                .then(() -> awaitTrue(source::wasRequested))
                .then(() -> source.next(ByteBuffer.allocate(10)))
                .thenCancel()
                .verify(Samples.LIMIT);
        awaitTrue(source::wasCancelled);
        awaitTrue(() -> Samples.filesBelow(root.resolve("tmp")).isEmpty());
        assertThat(await(blobs.head(id))).isNull();
    }

    @Test
    void closingEndsUploadsAndReadsThatWouldNotEndByThemselves() {
        BlobContent idle = await(blobs.get(put(LARGE), null));
        BlobContent stalled = await(blobs.get(put(LARGE), null));
        StepVerifier reading = StepVerifier.create(stalled.body(), 1)
                .expectNextCount(1)
                .expectError(BackendUnavailableException.class)
                .verifyLater();
        StepVerifier writing = StepVerifier.create(
                        blobs.put(blobId("k"), METADATA, Payload.from(Flux.never()), CommitGate.OPEN))
                .expectError(BackendUnavailableException.class)
                .verifyLater();
        await(blobs.closeLater());
        reading.verify(Samples.LIMIT);
        writing.verify(Samples.LIMIT);
        StepVerifier.create(idle.body()).verifyError(BackendUnavailableException.class);
        StepVerifier.create(blobs.head(blobId("k"))).verifyError(BackendUnavailableException.class);
        await(idle.discard());
    }

    @Test
    void blobsOfEveryKindOfKeyAreListedByTheirPrefixAndNothingElseIs() throws IOException {
        BlobId shortKey = put("a/b");
        BlobId longKey = put("a/" + "ü".repeat(300));
        BlobId otherKey = put("b");
        Path file = StorePaths.blob(root.resolve("blobs"), shortKey);
        Files.copy(file, file.resolveSibling("copy." + shortKey.uuid()));
        Files.writeString(file.resolveSibling("README"), "mine");
        assertThat(list("")).containsExactlyInAnyOrder(shortKey, longKey, otherKey);
        assertThat(list("docs/org.17/objects/a/")).containsExactlyInAnyOrder(shortKey, longKey);
        assertThat(list("docs/org.1/")).isEmpty();
    }

    private List<BlobId> list(String prefix) {
        return await(((BlobListing) blobs).list(prefix));
    }

    private BlobId put(String key) {
        BlobId id = blobId(key);
        await(blobs.put(id, METADATA, Payload.ofText("x"), CommitGate.OPEN));
        return id;
    }

    private BlobId put(byte[] content) {
        BlobId id = blobId("k");
        await(blobs.put(id, METADATA, Payload.of(content), CommitGate.OPEN));
        return id;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitTrue(Condition condition) {
        long end = System.nanoTime() + Samples.LIMIT.toNanos();
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.sleep(2);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
