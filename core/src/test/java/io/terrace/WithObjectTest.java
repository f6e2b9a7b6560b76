// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An object that is used within {@link ObjectStore#withObject} is released, whatever the use does. */
class WithObjectTest {
    private final ObjectId id = ObjectId.parse("usecase/_/key");
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger discarded = new AtomicInteger();
    private final ObjectStore store = new OneObject(true);

    @Test
    void theObjectIsReleasedWhenTheUseCompletes() {
        StepVerifier.create(store.withObject(
                        id, GetOptions.all(), object -> object.body().count()))
                .expectNext(1L)
                .verifyComplete();
        assertReleasedOnce();
    }

    @Test
    void theObjectIsReleasedWhenTheUseIsEmpty() {
        StepVerifier.create(store.withObject(id, GetOptions.all(), object -> Mono.empty()))
                .verifyComplete();
        assertReleasedOnce();
    }

    @Test
    void theObjectIsReleasedWhenTheUseFails() {
        IllegalStateException failure = new IllegalStateException("use");
        StepVerifier.create(store.withObject(id, GetOptions.all(), object -> Mono.error(failure)))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(failure));
        assertReleasedOnce();
    }

    @Test
    void theObjectIsReleasedWhenTheFunctionThrows() {
        StepVerifier.create(store.withObject(id, GetOptions.all(), object -> {
                    throw new IllegalStateException("thrown");
                }))
                .verifyErrorMessage("thrown");
        assertReleasedOnce();
    }

    @Test
    void theObjectIsReleasedWhenTheUseIsCancelled() {
        StepVerifier.create(store.withObject(id, GetOptions.all(), object -> Mono.never()))
                .expectSubscription()
                .then(() -> assertThat(opened.get()).isEqualTo(1))
                .thenCancel()
                .verify();
        assertReleasedOnce();
    }

    @Test
    void anAbsentObjectIsNotUsed() {
        AtomicInteger used = new AtomicInteger();
        StepVerifier.create(new OneObject(false).withObject(id, GetOptions.all(), object -> {
                    used.incrementAndGet();
                    return Mono.just(1);
                }))
                .verifyComplete();
        assertThat(used.get()).isZero();
    }

    @Test
    void eachSubscriptionOpensAnew() {
        Mono<Long> use =
                store.withObject(id, GetOptions.all(), object -> object.body().count());
        assertThat(opened.get()).isZero();
        StepVerifier.create(use).expectNext(1L).verifyComplete();
        StepVerifier.create(use).expectNext(1L).verifyComplete();
        assertThat(opened.get()).isEqualTo(2);
        assertThat(discarded.get()).isEqualTo(2);
    }

    @Test
    void aWholeObjectIsAsLongAsItsInfoSaysAndAPartAsItsRange() {
        StepVerifier.create(store.get(id).map(StoredObject::contentLength))
                .expectNext(3L)
                .verifyComplete();
        StepVerifier.create(store.get(id, GetOptions.range(ByteRange.last(2))).map(StoredObject::contentLength))
                .expectNext(2L)
                .verifyComplete();
    }

    private void assertReleasedOnce() {
        assertThat(opened.get()).isEqualTo(1);
        assertThat(discarded.get()).isEqualTo(1);
    }

    /** Three bytes under every name, or nothing. */
    private final class OneObject implements ObjectStore {
        private final boolean exists;

        OneObject(boolean exists) {
            this.exists = exists;
        }

        @Override
        public Mono<StoredObject> get(ObjectId id, GetOptions options) {
            return Mono.defer(() -> exists ? Mono.just(open(id, options)) : Mono.empty());
        }

        private StoredObject open(ObjectId id, GetOptions options) {
            opened.incrementAndGet();
            ByteRange wanted = options.range();
            ContentRange range = wanted == null ? null : wanted.resolve(3);
            ObjectMetadata metadata = ObjectMetadata.builder().size(3).build();
            return new StoredObject() {
                @Override
                public ObjectInfo info() {
                    return new ObjectInfo(id, metadata, "etag");
                }

                @Override
                public ContentRange range() {
                    return range;
                }

                @Override
                public Flux<ByteBuffer> body() {
                    return Flux.just(ByteBuffer.allocate(3));
                }

                @Override
                public Mono<Void> discard() {
                    return Mono.fromRunnable(discarded::incrementAndGet);
                }
            };
        }

        @Override
        public Mono<ObjectInfo> put(ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options) {
            return unused();
        }

        @Override
        public Mono<ObjectInfo> head(ObjectId id) {
            return unused();
        }

        @Override
        public Mono<ObjectInfo> updateMetadata(ObjectId id, MetadataPatch patch, Precondition precondition) {
            return unused();
        }

        @Override
        public Mono<ObjectInfo> copy(ObjectId from, ObjectId to, ObjectMetadata metadata, PutOptions options) {
            return unused();
        }

        @Override
        public Mono<ObjectInfo> copy(ObjectId from, ObjectId to, PutOptions options) {
            return unused();
        }

        @Override
        public Mono<Page> list(ObjectContext context, String keyPrefix, @Nullable String cursor, int limit) {
            return unused();
        }

        @Override
        public Flux<BulkProgress> deleteAll(ObjectContext context) {
            return Flux.error(new AssertionError("not used"));
        }

        @Override
        public Mono<Void> delete(ObjectId id, Precondition precondition) {
            return unused();
        }

        @Override
        public ObjectUploads uploads() {
            throw new AssertionError("not used here");
        }

        @Override
        public Mono<Health> check() {
            return unused();
        }

        @Override
        public Mono<Void> closeLater(Duration grace) {
            return unused();
        }

        private <T> Mono<T> unused() {
            return Mono.error(new AssertionError("not used here"));
        }
    }
}
