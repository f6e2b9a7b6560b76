// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** LT-1: what holds for every operation on blobs. */
abstract class BlobCallRules {

    private static final int CHUNK = 64 << 10;

    private final LongTermConformanceTest kit;
    private final Blobs blobs;

    BlobCallRules(LongTermConformanceTest kit) {
        this.kit = kit;
        this.blobs = kit.blobs();
    }

    @Rule("LT-1.1")
    void aBlobBecomesVisibleAsAWholeOrNotAtAll() {
        BlobId id = blobs.fresh();
        Sinks.Many<ByteBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<BlobInfo> answer =
                blobs.put(id, Payload.from(body.asFlux()), CommitGate.OPEN).toFuture();
        for (ByteBuffer piece : Bytes.cut(Bytes.of(3 * CHUNK + 5), CHUNK)) {
            blobs.assertAbsent(id);
            body.emitNext(piece.duplicate(), Sinks.EmitFailureHandler.FAIL_FAST);
        }
        blobs.assertInvisible(id);
        assertThat(answer).isNotDone();
        body.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);

        Await.done(Mono.fromFuture(answer));
        assertThat(blobs.read(id)).isEqualTo(Bytes.of(3 * CHUNK + 5));
    }

    @Rule(value = "LT-1.2", requirement = Requirement.STOCHASTIC)
    void anAnsweredBlobIsFoundByEverybodyAndADeletedOneByNobody() {
        List<Integer> rounds = Race.of(4, racer -> {
            for (int i = 0; i < 25; i++) {
                BlobId id = blobs.installed(i);
                assertThat(Await.value(blobs.backend().head(id)).id()).isEqualTo(id);
                assertThat(blobs.read(id)).isEqualTo(Bytes.of(i));
                blobs.backend().facet(BlobListing.class).ifPresent(listing -> assertThat(
                                Await.all(listing.list(id.object().storagePath())))
                        .containsOnlyOnce(id));
                Await.done(blobs.backend().delete(id));
                blobs.assertAbsent(id);
            }
            return racer;
        });

        assertThat(rounds).hasSize(4);
    }

    @Rule("LT-1.3")
    void aVisibleBlobNeverChanges() {
        BlobId id = blobs.fresh();
        byte[] callers = new byte[CHUNK];
        Bytes.of(CHUNK).get(callers);
        blobs.put(id, Payload.of(callers));
        Arrays.fill(callers, (byte) 0);
        assertThat(blobs.read(id)).as("after the caller used its array again").isEqualTo(Bytes.of(CHUNK));

        blobs.put(id, Payload.of(Bytes.of(7)));
        assertThat(blobs.read(id)).as("after a second put of the same id").isEqualTo(Bytes.of(CHUNK));

        for (ByteBuffer piece : Await.all(blobs.open(id, null).body())) {
            if (!piece.isReadOnly()) {
                piece.put(new byte[piece.remaining()]);
            }
        }
        assertThat(blobs.read(id)).as("after a reader wrote into its buffers").isEqualTo(Bytes.of(CHUNK));
    }

    @Rule("LT-1.4")
    void aSourceIsAskedForNoMoreThanOnePart() {
        AtomicLong asked = new AtomicLong();
        AtomicLong most = new AtomicLong();
        ByteBuffer chunk = Bytes.of(CHUNK);
        Flux<ByteBuffer> body = Flux.range(0, 8 << 20 >> 16)
                .map(i -> chunk.duplicate())
                .doOnRequest(more -> most.accumulateAndGet(asked.addAndGet(Math.min(more, 1L << 40)), Math::max))
                .doOnNext(sent -> asked.decrementAndGet());
        blobs.put(blobs.fresh(), Payload.from(body));

        assertThat(most.get() * CHUNK)
                .as("bytes asked for at a time (use limitRate)")
                .isLessThanOrEqualTo(kit.partBytes());
    }

    @Rule(value = "LT-1.5", requirement = Requirement.CAPABILITY)
    void theStoreRemovesNoBlobByItself() {
        BlobId id = blobs.installed(10);
        kit.clock().advance(Duration.ofDays(400));

        assertThat(Await.optional(blobs.backend().head(id))).isPresent();
        assertThat(blobs.read(id)).isEqualTo(Bytes.of(10));
    }

    @Rule("LT-1.6")
    void nothingHappensBeforeSubscriptionAndEachSubscriptionIsOneCall() {
        BlobId id = blobs.fresh();
        LongTermBackend backend = blobs.backend();
        AtomicInteger subscribed = new AtomicInteger();
        Flux<ByteBuffer> body =
                Flux.just(Bytes.of(3)).map(ByteBuffer::duplicate).doOnSubscribe(s -> subscribed.incrementAndGet());
        List<Publisher<?>> calls = new ArrayList<>();
        Mono<BlobInfo> put = blobs.put(id, Payload.from(body), CommitGate.OPEN);
        Mono<BlobContent> get = backend.get(id, null);
        Mono<BlobInfo> head = backend.head(id);
        calls.add(backend.delete(id));

        Await.remains(() -> assertThat(subscribed).hasValue(0));
        blobs.assertAbsent(id);
        Await.done(put);
        assertThat(subscribed).hasValue(1);
        assertThat(Await.value(head)).isEqualTo(Await.value(head));
        assertThat(Bytes.join(Await.all(Await.value(get).body()))).isEqualTo(Bytes.of(3));
        assertThat(Bytes.join(Await.all(Await.value(get).body()))).isEqualTo(Bytes.of(3));
        assertThat(calls).hasSize(1);
    }

    @Rule(value = "LT-1.7", requirement = Requirement.CAPABILITY)
    void everythingAnsweredSurvivesTheDeathOfTheProcess() {
        kit.assume(Capability.DURABLE);
        BlobId empty = blobs.installed(0);
        BlobId large = blobs.installed(2 << 20);
        BlobId deleted = blobs.installed(5);
        Await.done(blobs.backend().delete(deleted));
        kit.reopen();

        assertThat(blobs.read(empty)).isEqualTo(Bytes.of(0));
        assertThat(blobs.read(large)).isEqualTo(Bytes.of(2 << 20));
        assertThat(Await.value(blobs.backend().head(large)).metadata()).isEqualTo(Samples.metadata("blob"));
        blobs.assertAbsent(deleted);
    }

    @Rule(value = "LT-1.8", requirement = Requirement.CAPABILITY)
    void allRulesHoldAmongInstancesThatShareAStore() {
        kit.assume(Capability.SHARED);
        LongTermBackend other = kit.share();
        BlobId id = blobs.installed(1000);

        assertThat(Bytes.join(Await.all(Await.value(other.get(id, null)).body())))
                .isEqualTo(Bytes.of(1000));
        Await.done(other.delete(id));
        blobs.assertAbsent(id);
    }

    @Rule("LT-1.9")
    void everyBlobIdNamesABlobOfItsOwn() {
        Map<BlobId, Integer> sizes = new LinkedHashMap<>();
        UUID shared = Blobs.of("any").uuid();
        for (ObjectId object : Samples.objectsForBlobs()) {
            // The same UUID for different objects, and different ones for the same.
            for (BlobId id : List.of(
                    new BlobId(object, shared),
                    new BlobId(object, Blobs.of("any").uuid()))) {
                sizes.put(id, sizes.size());
                blobs.put(id, Payload.of(Bytes.of(sizes.get(id))));
            }
        }

        sizes.forEach((id, size) -> {
            assertThat(Await.value(blobs.backend().head(id)).id()).isEqualTo(id);
            assertThat(blobs.read(id)).as("%s", id).isEqualTo(Bytes.of(size));
        });
    }

    @Rule("LT-1.10")
    void aNameThatIsTooLongForTheStoreIsRefusedBeforeTheBodyIsTouched() {
        for (ObjectId object : Samples.objects()) {
            if (!Samples.canHaveBlobsEverywhere(object)) {
                BlobId id = new BlobId(object, Blobs.of("any").uuid());
                AtomicInteger subscribed = new AtomicInteger();
                Payload body = Payload.from(Flux.just(Bytes.of(3)).doOnSubscribe(s -> subscribed.incrementAndGet()));
                Throwable error =
                        Await.ended(blobs.put(id, body, CommitGate.OPEN)).getThrowable();
                if (error == null) {
                    assertThat(blobs.read(id)).as("%s", id).isEqualTo(Bytes.of(3));
                } else {
                    assertThat(error).isInstanceOf(TooLargeException.class);
                    assertThat(subscribed).hasValue(0);
                }
            }
        }
    }
}
