// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ContentRange;
import io.terrace.GetOptions;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Between caller and blob tier the engine hands buffers on; it does not copy a byte of a large object. */
class CopiesTest {

    private final List<ByteBuffer> atTheTier = new ArrayList<>();
    private final ManualRuntime runtime = new ManualRuntime(1);
    private final TieredObjectStore store = TieredObjectStore.builder()
            .highVolume(InMemoryRows.create(runtime))
            .longTerm(new Watch().blobs(InMemoryBlobs.create()))
            .changeLog(InMemoryChangeLog.create())
            .runtime(runtime)
            .inlineThreshold(Engine.THRESHOLD)
            .build();

    @Test
    void theBuffersOfALargePutReachTheTierThemselves() {
        for (long announced : new long[] {Payload.UNKNOWN, 60}) {
            List<ByteBuffer> sent = List.of(ByteBuffer.allocate(10), ByteBuffer.allocate(30), ByteBuffer.allocate(20));
            Payload payload = Payload.from(Flux.fromIterable(sent));
            store.put(
                            Engine.ID,
                            ObjectMetadata.defaults(),
                            announced == Payload.UNKNOWN ? payload : payload.contentLength(announced))
                    .block();
            assertSame(atTheTier, sent);
            atTheTier.clear();
        }
    }

    @Test
    void theBuffersOfALargeGetReachTheReaderThemselves() {
        store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))
                .block();
        atTheTier.clear();
        List<ByteBuffer> received = new ArrayList<>();
        store.withObject(Engine.ID, GetOptions.all(), object -> object.body()
                        .doOnNext(received::add)
                        .then())
                .block();
        assertThat(received).isNotEmpty();
        assertSame(received, atTheTier);
    }

    private static void assertSame(List<ByteBuffer> some, List<ByteBuffer> others) {
        assertThat(some).hasSameSizeAs(others);
        for (int i = 0; i < some.size(); i++) {
            assertThat(some.get(i)).isSameAs(others.get(i));
        }
    }

    /** Notes the buffers that the tier is given, and those that it gives. */
    private final class Watch implements SpiInterceptor {

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return invocation;
        }

        @Override
        public Mono<BlobInfo> aroundPut(
                SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<BlobInfo>> put) {
            return put.apply(Payload.from(body.body().doOnNext(atTheTier::add)), gate);
        }

        @Override
        public BlobContent opened(SpiCall get, BlobContent content) {
            return new BlobContent() {
                @Override
                public BlobInfo info() {
                    return content.info();
                }

                @Override
                public @Nullable ContentRange range() {
                    return content.range();
                }

                @Override
                public Flux<ByteBuffer> body() {
                    return content.body().doOnNext(atTheTier::add);
                }

                @Override
                public Mono<Void> discard() {
                    return content.discard();
                }
            };
        }
    }
}
