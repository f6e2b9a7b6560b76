// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static io.terrace.testkit.fault.SpiOperation.BLOB_GET;
import static io.terrace.testkit.fault.SpiOperation.BLOB_PUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.ClientPayloadException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class BlobFaultsTest {

    private static final BlobId ID =
            new BlobId(ObjectId.parse("photos/_/cat"), UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    @TempDir
    Path directory;

    private FileChannel channel;
    private FakeBlobs store;
    private final FaultInjector faults = new FaultInjector(FaultPlan.none());
    private LongTermBackend blobs;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(directory.resolve("blob")));
        store = new FakeBlobs(channel);
        blobs = faults.blobs(store);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    /** Ten bytes, one by one, that can be taken once. */
    private Payload tenBytes() {
        return Payload.from(Flux.range(0, 10)
                        .map(i -> ByteBuffer.wrap(new byte[] {(byte) ('0' + i)}))
                        .doOnNext(bytes -> taken.incrementAndGet())
                        .doOnCancel(() -> cancelled.set(true)))
                .contentLength(10);
    }

    private Mono<BlobInfo> put(CommitGate gate) {
        return blobs.put(ID, ObjectMetadata.defaults(), tenBytes(), gate);
    }

    private Mono<String> bodyOf(BlobContent content) {
        return content.body()
                .map(bytes -> StandardCharsets.US_ASCII.decode(bytes).toString())
                .reduce(String::concat);
    }

    @Test
    void aPutThatFailsBeforehandLeavesTheBodyAlone() {
        faults.follow(FaultPlan.always(BLOB_PUT, Fault.FAIL_NOT_APPLIED));
        StepVerifier.create(put(CommitGate.OPEN)).verifyError(BackendUnavailableException.class);
        assertThat(taken).hasValue(0);
        assertThat(store.blobs).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "LATE"})
    void aPutThatIsLostOrLateTakesTheBodyAndThenSaysThatItDoesNotKnow(Fault fault) {
        faults.follow(FaultPlan.always(BLOB_PUT, fault));
        StepVerifier.create(put(CommitGate.OPEN)).verifyError(OutcomeUnknownException.class);
        assertThat(taken).hasValue(10);
        assertThat(store.blobs).isEmpty();
    }

    @Test
    void aPutWhoseAnswerIsLostIsVisible() {
        faults.follow(FaultPlan.always(BLOB_PUT, Fault.APPLIED_THEN_LOST));
        StepVerifier.create(put(CommitGate.OPEN)).verifyError(OutcomeUnknownException.class);
        assertThat(store.blobs.get(ID)).asString().isEqualTo("0123456789");
    }

    @Test
    void aLateBlobBecomesVisibleAfterTheErrorWithTheBytesThatWereTakenBefore() {
        faults.follow(FaultPlan.always(BLOB_PUT, Fault.LATE));
        StepVerifier.create(put(CommitGate.OPEN)).verifyError(OutcomeUnknownException.class);
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.blobs.get(ID)).asString().isEqualTo("0123456789");
        assertThat(taken).hasValue(10);
    }

    @Test
    void aLateBlobMayBeLargerThanTheFirstGuess() {
        byte[] large = new byte[300_000];
        large[299_999] = 7;
        faults.follow(FaultPlan.always(BLOB_PUT, Fault.LATE));
        Payload pieces = Payload.from(Flux.range(0, 3).map(i -> ByteBuffer.wrap(large, i * 100_000, 100_000)));
        StepVerifier.create(blobs.put(ID, ObjectMetadata.defaults(), pieces, CommitGate.OPEN))
                .verifyError(OutcomeUnknownException.class);
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.blobs.get(ID)).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "LATE", "HANG"})
    void theGateIsWaitedForAndItsErrorIsPassedOn(Fault fault) {
        faults.follow(FaultPlan.always(BLOB_PUT, fault));
        Sinks.Empty<Void> gate = Sinks.empty();
        IllegalStateException closed = new IllegalStateException("the entry was not written");
        StepVerifier.create(put(gate::asMono))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(20))
                .then(() -> gate.tryEmitError(closed))
                .expectErrorMatches(error -> error == closed)
                .verify(Duration.ofSeconds(5));
        assertThat(faults.late().size()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "LATE", "HANG", "APPLIED_THEN_LOST"})
    void aBodyThatFailsFailsThePutWhateverElseWasPlanned(Fault fault) {
        faults.follow(FaultPlan.always(BLOB_PUT, fault));
        StepVerifier.create(blobs.put(ID, ObjectMetadata.defaults(), tenBytes().contentLength(11), CommitGate.OPEN))
                .expectError(ClientPayloadException.class)
                .verify(Duration.ofSeconds(5));
        assertThat(store.blobs).isEmpty();
    }

    @Test
    void anUploadThatBreaksOffCancelsItsSourceAndHasNoEffect() {
        faults.follow(FaultPlan.onBody(BLOB_PUT, 1, BodyFault.errorAfter(4)));
        StepVerifier.create(put(CommitGate.OPEN))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(BackendUnavailableException.class);
                    assertThat(((TerraceException) error).determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                })
                .verify(Duration.ofSeconds(5));
        assertThat(taken).hasValue(4);
        assertThat(cancelled).isTrue();
        assertThat(store.blobs).isEmpty();
        assertThat(faults.injectedIntoBodies()).isOne();
    }

    @Test
    void anUploadShorterThanTheFaultGetsThrough() {
        faults.follow(FaultPlan.onBody(BLOB_PUT, 1, BodyFault.errorAfter(11)));
        StepVerifier.create(put(CommitGate.OPEN)).expectNextCount(1).verifyComplete();
        assertThat(store.blobs).containsKey(ID);
        assertThat(faults.injectedIntoBodies()).isZero();
    }

    @Test
    void aBodyBreaksAfterExactlySoManyBytes() {
        store.blobs.put(ID, "0123456789".getBytes(StandardCharsets.US_ASCII));
        for (int bytes : new int[] {0, 1, 4, 5, 10}) {
            faults.follow(FaultPlan.onBody(BLOB_GET, 1, BodyFault.errorAfter(bytes)));
            StringBuilder got = new StringBuilder();
            StepVerifier.create(blobs.get(ID, null).flatMapMany(BlobContent::body))
                    .thenConsumeWhile(next -> true, next -> got.append(StandardCharsets.US_ASCII.decode(next)))
                    .expectError(BackendUnavailableException.class)
                    .verify(Duration.ofSeconds(5));
            assertThat(got).hasToString("0123456789".substring(0, bytes));
        }
        assertThat(store.open).as("a broken body is released").hasValue(0);
        assertThat(faults.injectedIntoBodies()).isEqualTo(5);
    }

    @Test
    void aBodyCanEndTooEarlyWithoutAnError() {
        store.blobs.put(ID, "0123456789".getBytes(StandardCharsets.US_ASCII));
        faults.follow(FaultPlan.onBody(BLOB_GET, 1, BodyFault.endAfter(6)));
        StepVerifier.create(blobs.get(ID, null).flatMap(this::bodyOf))
                .expectNext("012345")
                .verifyComplete();
        assertThat(store.open).hasValue(0);
    }

    @Test
    void onlyContentThatWillBreakDoesNotLieInAFile() {
        store.blobs.put(ID, new byte[10]);
        faults.follow(FaultPlan.onBody(BLOB_GET, 2, BodyFault.errorAfter(3)));
        assertThat(blobs.get(ID, null).block().file()).isPresent();
        assertThat(blobs.get(ID, null).block().file()).isEmpty();
    }

    @Test
    void contentThatNobodyReceivesIsReleased() {
        store.blobs.put(ID, new byte[10]);
        faults.follow(FaultPlan.on(BLOB_GET, 1, Fault.APPLIED_THEN_LOST).or(FaultPlan.on(BLOB_GET, 2, Fault.LATE)));
        StepVerifier.create(blobs.get(ID, null)).verifyError(BackendUnavailableException.class);
        StepVerifier.create(blobs.get(ID, null)).verifyError(BackendUnavailableException.class);
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.open).hasValue(0);
    }
}
