// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import io.terrace.gcs.FakeFault.ActThenDrop;
import io.terrace.gcs.FakeFault.ActThenRefuse;
import io.terrace.gcs.FakeFault.Before;
import io.terrace.gcs.FakeFault.DamageRequest;
import io.terrace.gcs.FakeFault.Drop;
import io.terrace.gcs.FakeFault.Late;
import io.terrace.gcs.FakeFault.Refuse;
import io.terrace.gcs.FakeFault.Stall;
import io.terrace.gcs.FakeFault.TakePart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Uploads to a server that fails, loses answers, or damages what it is sent. */
class GcsUploadTest extends GcsTestBase {

    /** The request that makes a blob visible, by the size of the blob. */
    private static final Map<Integer, String> COMMIT = Map.of(1000, "insert", LARGE, "finish");

    /** It is sent from where it is if that is an array, of which it may be a piece. */
    @Test
    void aBodyInMemoryIsStoredAsItIsWhateverHoldsIt() {
        byte[] around = bytes(3000);
        ByteBuffer piece = ByteBuffer.wrap(around, 1000, 1000);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(1000).put(piece.duplicate()).flip();
        for (ByteBuffer body : List.of(piece, piece.asReadOnlyBuffer(), direct)) {
            BlobId id = blob();
            blobs.put(id, METADATA, Payload.of(body), CommitGate.OPEN).block(PATIENCE);

            assertThat(read(id)).isEqualTo(Arrays.copyOfRange(around, 1000, 2000));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void anAnswerThatIsLostIsFoundOutByRepeating(int size) {
        for (FakeFault lost : new FakeFault[] {new ActThenDrop(), new ActThenRefuse(503)}) {
            fake.resetCounts();
            BlobId id = blob();
            fake.plan(COMMIT.get(size), 1, lost);

            assertThat(put(id, size).block(PATIENCE)).isEqualTo(new BlobInfo(id, size, METADATA));
            assertThat(read(id)).isEqualTo(bytes(size));
            assertThat(fake.counts()).containsEntry(COMMIT.get(size), 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void anAnswerThatIsLostEachTimeIsUnknown(int size) {
        BlobId id = blob();
        fake.plan(COMMIT.get(size), 3, new ActThenDrop());

        assertThat(failureOf(put(id, size))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(object(id)).isNotNull();
        assertThat(fake.counts()).containsEntry(COMMIT.get(size), 3);
    }

    @ParameterizedTest
    @CsvSource({"1000, 403", "1000, 429", LARGE + ", 403"})
    void aRefusalAfterAnAnswerThatWasLostIsUnknown(int size, int status) {
        BlobId id = blob();
        fake.plan(COMMIT.get(size), 1, new ActThenDrop());
        fake.plan(COMMIT.get(size), 5, new Refuse(status, "forbidden"));

        assertThat(failureOf(put(id, size))).isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void aRefusalIsNotAppliedAndLeavesNothing(int size) {
        BlobId throttled = blob();
        fake.plan(COMMIT.get(size), 3, new Refuse(429, "rateLimitExceeded"));
        assertThat(failureOf(put(throttled, size)))
                .isInstanceOfSatisfying(ThrottledException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(object(throttled)).isNull();

        BlobId denied = blob();
        fake.plan(COMMIT.get(size), 1, new Refuse(403, "forbidden"));
        assertThat(failureOf(put(denied, size))).isInstanceOf(PermissionDeniedException.class);
        assertThat(object(denied)).isNull();
    }

    @Test
    void aSessionThatIsGoneAfterItsAnswerWasLostWasFinished() {
        BlobId id = blob();
        fake.plan("finish", 1, new ActThenDrop());
        fake.plan("finish", 1, new Before(() -> fake.sessions().expire()));

        assertThat(put(id, LARGE).block(PATIENCE)).isEqualTo(new BlobInfo(id, LARGE, METADATA));
    }

    @Test
    void aSessionThatIsGoneAndLeftNothingIsUnknown() {
        BlobId id = blob();
        fake.plan("finish", 1, new Drop());
        fake.plan("finish", 1, new Before(() -> fake.sessions().expire()));

        assertThat(failureOf(put(id, LARGE))).isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "chunk"})
    void aRequestInTheMiddleIsRepeated(String kind) {
        for (FakeFault fault : new FakeFault[] {
            new Drop(), new ActThenDrop(), new Refuse(503, "backendError"), new ActThenRefuse(503), new Refuse(429, "x")
        }) {
            fake.resetCounts();
            BlobId id = blob();
            fake.plan(kind, 1, fault);
            put(id, LARGE).block(PATIENCE);

            assertThat(read(id)).as("%s", fault).isEqualTo(bytes(LARGE));
            assertThat(fake.counts()).containsEntry(kind, kind.equals("start") ? 2 : 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "chunk"})
    void aRequestInTheMiddleThatFailsEachTimeEndsThePutAndLeavesNothing(String kind) {
        BlobId id = blob();
        fake.plan(kind, 100, new Drop());

        assertThat(failureOf(put(id, LARGE)))
                .isInstanceOfSatisfying(TerraceException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(object(id)).isNull();
        assertThat(fake.counts()).containsEntry(kind, 4);
    }

    /** A server may persist less of a chunk than it was sent. */
    @Test
    void whatAServerDidNotTakeOfAChunkIsSentAgain() {
        blobs = open(builder -> builder.chunkSize(4 * CHUNK));
        BlobId id = blob();
        fake.plan("chunk", 1, new TakePart(CHUNK));
        put(id, 9 * CHUNK + 5).block(PATIENCE);

        assertThat(read(id)).isEqualTo(bytes(9 * CHUNK + 5));
    }

    @ParameterizedTest
    @CsvSource({"1000, insert", LARGE + ", chunk", LARGE + ", finish"})
    void bytesThatWereDamagedOnTheirWayAreNotStored(int size, String kind) {
        BlobId id = blob();
        fake.plan(kind, 1, new DamageRequest());

        assertThat(failureOf(put(id, size)))
                .isInstanceOfSatisfying(IntegrityException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(object(id)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void aBlobThatIsThereStaysAndIsAnsweredBehindTheGate(int size) {
        BlobId id = stored(7);
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.One<BlobInfo> answer = Sinks.one();
        Disposable put = blobs.put(id, METADATA, Payload.of(bytes(size)), gate::asMono)
                .subscribe(info -> answer.tryEmitValue(info));
        assertThat(answer.asMono()
                        .timeout(Duration.ofMillis(200))
                        .materialize()
                        .block()
                        .hasError())
                .isTrue();
        gate.tryEmitEmpty();

        assertThat(answer.asMono().block(PATIENCE)).isEqualTo(new BlobInfo(id, 7, METADATA));
        assertThat(read(id)).isEqualTo(bytes(7));
        put.dispose();
    }

    /** Nobody waits for the timeout: the one thread there is takes the next call at once. */
    @Test
    void aCancelFreesTheThreadThatWaitsForTheServer() {
        blobs = open(builder -> builder.threads(1));
        fake.plan("chunk", 1, new Stall());
        BlobId id = blob();
        Disposable put = put(id, LARGE).subscribe();
        await(() -> fake.counts().containsKey("chunk"));
        put.dispose();

        assertThat(blobs.head(id).blockOptional(Duration.ofSeconds(5))).isEmpty();
        assertThat(object(id)).isNull();
    }

    @Test
    void aCancelDoesNotCutTheLastStep() {
        fake.plan("finish", 1, new Late(Duration.ofMillis(200)));
        BlobId id = blob();
        Disposable put = put(id, LARGE).subscribe();
        await(() -> fake.counts().containsKey("finish"));
        put.dispose();

        await(() -> object(id) != null);
        assertThat(read(id)).isEqualTo(bytes(LARGE));
    }

    @Test
    void theGateEndsAnUploadThatIsStillComing() {
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.Many<ByteBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
        BlobId id = blob();
        Sinks.One<Throwable> failure = Sinks.one();
        blobs.put(id, METADATA, Payload.from(body.asFlux()), gate::asMono).subscribe(info -> {}, failure::tryEmitValue);
        IllegalStateException closed = new IllegalStateException("closed");
        gate.tryEmitError(closed);

        assertThat(failure.asMono().block(PATIENCE)).isSameAs(closed);
        assertThat(body.currentSubscriberCount()).isZero();
    }

    @Test
    void aServerThatIsDownIsSentHardlyMoreThanThereArePuts() {
        fake.plan("insert", Integer.MAX_VALUE, new Refuse(503, "backendError"));
        Flux.range(0, 200)
                .concatMap(i -> put(blob(), 10).onErrorResume(error -> Mono.empty()))
                .blockLast(Duration.ofSeconds(60));

        assertThat(fake.counts().get("insert")).isBetween(200, 200 + 20 + 20);
    }
}
