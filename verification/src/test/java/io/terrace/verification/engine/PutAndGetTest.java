// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ByteRange;
import io.terrace.ClientPayloadException;
import io.terrace.ContentRange;
import io.terrace.DanglingTombstoneException;
import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.StoredObject;
import io.terrace.spi.RowKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PutAndGetTest {

    private final Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Engine.THRESHOLD - 1, Engine.THRESHOLD, Engine.THRESHOLD + 1, 1000})
    void whatWasPutIsRead(int size) {
        String value = "x".repeat(size);
        for (Payload payload : new Payload[] {
            Payload.ofText(value),
            Payload.from(inPieces(value)),
            Payload.from(inPieces(value)).contentLength(size)
        }) {
            engine.finish(engine.store.put(Engine.ID, ObjectMetadata.of("text/plain"), payload));
            assertThat(engine.finish(engine.store
                            .withObject(Engine.ID, GetOptions.all(), Engine::text)
                            .defaultIfEmpty("")))
                    .isEqualTo(value);
            assertThat(engine.head().kind()).isEqualTo(size <= Engine.THRESHOLD ? RowKind.INLINE : RowKind.TOMBSTONE);
        }
    }

    @Test
    void theAnswerDescribesTheObjectAsItIsStored() {
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            ObjectInfo put = Objects.requireNonNull(engine.finish(engine.store.put(
                    Engine.ID, ObjectMetadata.builder().custom("who", "me").build(), Payload.ofText(value))));
            assertThat(put.size()).isEqualTo(value.length());
            assertThat(put.metadata().custom()).containsEntry("who", "me");
            assertThat(put.metadata().timeCreated()).isEqualTo(engine.runtime.now());
            assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(put);
        }
    }

    @Test
    void theEtagChangesWithEachWriteOfTheBytes() {
        ObjectInfo first = engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("a")));
        ObjectInfo second = engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("a")));
        assertThat(Objects.requireNonNull(second).etag())
                .isNotEqualTo(Objects.requireNonNull(first).etag());
    }

    @Test
    void whatIsAbsentOrDeletedIsEmptyAndDeletingItIsFine() {
        assertThat(engine.get()).isNull();
        assertThat(engine.finish(engine.store.head(Engine.ID))).isNull();
        engine.finish(engine.store.delete(Engine.ID));
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            engine.put(value);
            engine.finish(engine.store.delete(Engine.ID));
            assertThat(engine.get()).isNull();
            assertThat(engine.finish(engine.store.head(Engine.ID))).isNull();
        }
        assertThat(engine.blobs()).isEmpty();
    }

    @Test
    void whatHasExpiredIsEmpty() {
        ObjectMetadata brief = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofMinutes(1)))
                .build();
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            engine.finish(engine.store.put(Engine.ID, brief, Payload.ofText(value)));
            engine.runtime.advance(Duration.ofMinutes(1));
            assertThat(engine.get()).as("at the very instant").isEqualTo(value);
            engine.runtime.advance(Duration.ofNanos(1000));
            assertThat(engine.get()).as("a microsecond later").isNull();
            assertThat(engine.finish(engine.store.head(Engine.ID))).isNull();
        }
    }

    @Test
    void aRangeIsCutAtTheEndAndSaysWhatItIs() {
        for (String value : new String[] {"0123456789", "0123456789".repeat(3)}) {
            engine.put(value);
            assertRange(ByteRange.bounded(2, 4), value, 2, 4);
            assertRange(ByteRange.bounded(5, 1000), value, 5, value.length() - 1);
            assertRange(ByteRange.from(7), value, 7, value.length() - 1);
            assertRange(ByteRange.last(3), value, value.length() - 3, value.length() - 1);
            assertRange(ByteRange.last(1000), value, 0, value.length() - 1);
        }
    }

    @Test
    void aRangeWithoutAByteIsRefusedWithTheSizeBeforeABlobIsOpened() {
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            engine.put(value);
            engine.traffic.reset();
            assertThatThrownBy(() -> engine.finish(
                            engine.store.get(Engine.ID, GetOptions.range(ByteRange.from(value.length())))))
                    .isInstanceOfSatisfying(RangeNotSatisfiableException.class, error -> assertThat(error.total())
                            .isEqualTo(value.length()));
            assertThat(engine.traffic.operations()).hasSize(1);
        }
    }

    @Test
    void aBodyIsReadOnce() {
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            engine.put(value);
            StoredObject object = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
            assertThat(engine.finish(Engine.text(object))).isEqualTo(value);
            assertThatThrownBy(() -> engine.finish(object.body().then())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anObjectThatIsNotReadIsGivenUpAfterAWhile() {
        engine.put(Engine.LARGE);
        StoredObject object = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
        assertThat(engine.traffic.openBlobs()).isEqualTo(1);
        engine.runtime.advance(Duration.ofMinutes(1));
        assertThat(engine.traffic.openBlobs()).isZero();
        assertThatThrownBy(() -> engine.finish(object.body().then()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Get it again");
    }

    @Test
    void withObjectReleasesOnCompletionErrorAndCancel() {
        engine.put(Engine.LARGE);
        engine.finish(engine.store.withObject(Engine.ID, GetOptions.all(), object -> Mono.just(1)));
        assertThatThrownBy(() -> engine.finish(engine.store.withObject(
                        Engine.ID, GetOptions.all(), object -> Mono.error(new IllegalArgumentException("mine")))))
                .isInstanceOf(IllegalArgumentException.class);
        engine.store
                .withObject(Engine.ID, GetOptions.all(), object -> Mono.never())
                .subscribe()
                .dispose();
        assertThat(engine.traffic.openBlobs()).isZero();
    }

    @Test
    void aBodyOfAnotherLengthThanAnnouncedStoresNothing() {
        for (String value : new String[] {Engine.SMALL, Engine.LARGE}) {
            for (int wrong : new int[] {value.length() - 1, value.length() + 1}) {
                Payload lying = Payload.from(inPieces(value)).contentLength(wrong);
                assertThatThrownBy(() -> engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), lying)))
                        .isInstanceOf(ClientPayloadException.class)
                        .hasMessageContaining("announced");
                assertNothingIsStored();
            }
        }
    }

    @Test
    void aBodyThatFailsStoresNothing() {
        Flux<ByteBuffer> failing =
                inPieces(Engine.LARGE).concatWith(Flux.error(new IllegalStateException("the client has gone")));
        assertThatThrownBy(() ->
                        engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.from(failing))))
                .isInstanceOf(ClientPayloadException.class)
                .hasRootCauseMessage("the client has gone");
        assertNothingIsStored();
    }

    @Test
    void aBlobThatIsGoneThoughItsRowIsThereIsReportedAsLoss() {
        engine.put(Engine.LARGE);
        engine.blobs.delete(engine.blobs().get(0)).block();
        assertThatThrownBy(engine::get)
                .isInstanceOf(DanglingTombstoneException.class)
                .hasMessageContaining(Engine.ID.storagePath());
    }

    private void assertNothingIsStored() {
        engine.rest();
        assertThat(engine.get()).isNull();
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
    }

    private void assertRange(ByteRange range, String value, long first, long last) {
        StoredObject object =
                Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID, GetOptions.range(range))));
        assertThat(object.range()).isEqualTo(new ContentRange(first, last, value.length()));
        assertThat(object.contentLength()).isEqualTo(last - first + 1);
        assertThat(engine.finish(Engine.text(object))).isEqualTo(value.substring((int) first, (int) last + 1));
    }

    private static Flux<ByteBuffer> inPieces(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int piece = 5;
        return Flux.range(0, (bytes.length + piece - 1) / piece)
                .map(i -> ByteBuffer.wrap(bytes, i * piece, Math.min(piece, bytes.length - i * piece)));
    }
}
