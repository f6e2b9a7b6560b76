// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.PermissionDeniedException;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.spi.BlobId;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.Retries;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Deletions that share requests: which go together, and what each caller hears. */
class BlobDeletesTest {

    private final Throwable down = new BackendUnavailableException("tier", "down", Determinacy.UNKNOWN);
    private final Throwable forbidden = new PermissionDeniedException("tier", "forbidden", Determinacy.NOT_APPLIED);

    private final ManualRuntime runtime = new ManualRuntime(1);
    private final Tier tier = new Tier();
    private final LongTermBackend memory = InMemoryBlobs.create();
    private final BlobDeletes deletes = new BlobDeletes(tier.blobs(memory), new Retries(runtime), runtime);

    @Test
    void oneAloneIsADeleteAtOnce() {
        Caller caller = delete(1);
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 1");
        assertThat(caller.end).isNull();
        tier.answer(0);
        assertThat(caller.end).isEqualTo("gone");
        delete(2);
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 1", "BLOB_DELETE 2");
    }

    @Test
    void whatComesWhileARequestIsUnderWayGoesTogetherWithTheNext() {
        delete(1);
        List<Caller> others = deleteEach(2, 3, 4);
        runtime.advance(BlobDeletes.PACE);
        assertThat(tier.sent()).hasSize(1);
        tier.answer(0);
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 1", "BLOB_DELETE_ALL 2 3 4");
        tier.answer(1, Map.of());
        assertThat(others).allMatch(caller -> "gone".equals(caller.end));
    }

    @Test
    void aStreamIsAFewRequestsASecond() {
        delete(1);
        delete(2);
        tier.answer(0);
        delete(3);
        runtime.advance(BlobDeletes.PACE.minusNanos(1));
        assertThat(tier.sent()).hasSize(1);
        runtime.advance(Duration.ofNanos(1));
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 1", "BLOB_DELETE_ALL 2 3");
        tier.answer(1, Map.of());
        delete(4);
        assertThat(tier.sent())
                .as("nothing waited, so it is no stream any more")
                .hasSize(3);
    }

    @Test
    void fullRequestsGoSideBySideButOnlySoMany() {
        delete(0);
        int most = memory.facet(MultiBlobDeletes.class).orElseThrow().maxBlobs();
        deleteEach(IntStream.rangeClosed(1, 5 * most).toArray());
        assertThat(tier.requests).hasSize(BlobDeletes.MOST_REQUESTS);
        assertThat(tier.requests.subList(1, BlobDeletes.MOST_REQUESTS))
                .allSatisfy(request -> assertThat(request.ids()).hasSize(most));
        tier.answer(1, Map.of());
        assertThat(tier.requests).hasSize(BlobDeletes.MOST_REQUESTS + 1);
    }

    @Test
    void eachHearsWhatBecameOfHisOwn() {
        delete(1);
        List<Caller> others = deleteEach(2, 3, 3);
        next(0);
        assertThat(tier.sent()).last().isEqualTo("BLOB_DELETE_ALL 2 3");
        tier.answer(1, Map.of(blob(3), forbidden));
        assertThat(others).extracting(caller -> caller.end).containsExactly("gone", forbidden, forbidden);
        runtime.advance(Duration.ofMinutes(1));
        assertThat(tier.sent()).as("what will not pass is not repeated").hasSize(2);
    }

    @Test
    void whatMayPassIsRepeatedForThoseItIsAbout() {
        delete(1);
        List<Caller> others = deleteEach(2, 3, 4, 5);
        next(0);
        tier.answer(1, Map.of(blob(3), down, blob(4), forbidden, blob(5), down));
        assertThat(others).extracting(caller -> caller.end).containsExactly("gone", null, forbidden, null);
        runtime.advance(Duration.ofSeconds(1));
        assertThat(tier.sent()).last().isEqualTo("BLOB_DELETE_ALL 3 5");
        tier.answer(2, Map.of());
        assertThat(others).extracting(caller -> caller.end).containsExactly("gone", "gone", forbidden, "gone");
    }

    @Test
    void anErrorOfARequestIsRepeatedAsOneStepAndThenThatOfAll() {
        delete(1);
        List<Caller> others = deleteEach(2, 3);
        next(0);
        for (int attempt = 1; attempt <= 4; attempt++) {
            assertThat(others).extracting(caller -> caller.end).containsOnlyNulls();
            assertThat(tier.sent()).hasSize(1 + attempt).last().isEqualTo("BLOB_DELETE_ALL 2 3");
            tier.fail(attempt, down);
            runtime.advance(Duration.ofSeconds(1));
        }
        assertThat(tier.sent()).hasSize(5);
        assertThat(others).extracting(caller -> caller.end).containsOnly(down);
    }

    @Test
    void anErrorThatWillNotPassMayBeAboutOneSoEachIsDeletedAlone() {
        delete(1);
        List<Caller> others = deleteEach(2, 3);
        next(0);
        tier.fail(1, forbidden);
        assertThat(tier.sent().subList(2, 4)).containsExactlyInAnyOrder("BLOB_DELETE 2", "BLOB_DELETE 3");
        boolean twoFirst = tier.sent().get(2).endsWith("2");
        tier.answer(twoFirst ? 2 : 3);
        tier.fail(twoFirst ? 3 : 2, forbidden);
        assertThat(others).extracting(caller -> caller.end).containsExactly("gone", forbidden);
    }

    @Test
    void whoLeavesLeavesTheRequestToTheOthers() {
        Caller first = delete(1);
        List<Caller> others = deleteEach(2, 3, 4);
        others.get(0).subscription.dispose();
        next(0);
        assertThat(first.end).isEqualTo("gone");
        assertThat(tier.sent()).as("what was not sent is not").last().isEqualTo("BLOB_DELETE_ALL 3 4");
        others.get(1).subscription.dispose();
        assertThat(tier.cancelled).isEmpty();
        others.get(2).subscription.dispose();
        assertThat(tier.cancelled).containsExactly(tier.requests.get(1));
        delete(5);
        assertThat(tier.sent()).last().isEqualTo("BLOB_DELETE 5");
    }

    @Test
    void whoHasLeftIsNotInTheRepetition() {
        delete(1);
        List<Caller> others = deleteEach(2, 3);
        next(0);
        tier.fail(1, down);
        others.get(0).subscription.dispose();
        runtime.advance(Duration.ofSeconds(1));
        assertThat(tier.sent()).last().isEqualTo("BLOB_DELETE 3");
    }

    @Test
    void aRequestThatStandsStillHoldsUpNobodyForLong() {
        delete(1);
        delete(2);
        runtime.advance(BlobDeletes.PATIENCE.minusNanos(1));
        assertThat(tier.sent()).hasSize(1);
        runtime.advance(Duration.ofNanos(1));
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 1", "BLOB_DELETE 2");
    }

    @Test
    void anAnswerThatSaysNothingIsAnError() {
        delete(1);
        List<Caller> others = deleteEach(2, 3);
        next(0);
        tier.answer(1);
        assertThat(others).allSatisfy(caller -> assertThat(caller.end).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void nothingIsLeftWhenAllHaveEnded() {
        delete(1);
        deleteEach(2, 3);
        next(0);
        tier.answer(1, Map.of());
        runtime.advance(BlobDeletes.PACE);
        assertThat(runtime.pendingTimers()).isZero();
    }

    @Test
    void aTierThatCannotIsAskedForEach() {
        LongTermBackend plain = (LongTermBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LongTermBackend.class}, (self, method, args) -> {
                    return method.getName().equals("facet") ? Optional.empty() : method.invoke(memory, args);
                });
        BlobDeletes alone = new BlobDeletes(tier.blobs(plain), new Retries(runtime), runtime);
        IntStream.range(0, 3).forEach(i -> alone.delete(blob(i)).subscribe());
        assertThat(tier.sent()).containsExactly("BLOB_DELETE 0", "BLOB_DELETE 1", "BLOB_DELETE 2");
    }

    /** Ends the request, when the next one may be sent at once. */
    private void next(int request) {
        runtime.advance(BlobDeletes.PACE);
        tier.answer(request);
    }

    private Caller delete(int number) {
        return new Caller(deletes.delete(blob(number)));
    }

    private List<Caller> deleteEach(int... numbers) {
        return Arrays.stream(numbers).mapToObj(this::delete).toList();
    }

    private static BlobId blob(int number) {
        return new BlobId(ObjectId.parse("photos/_/cat"), new UUID(0, number));
    }

    /** Somebody who waits for a deletion. */
    private static final class Caller {
        private final Disposable subscription;
        private @Nullable Object end;

        Caller(Mono<Void> deletion) {
            subscription = deletion.subscribe(nothing -> {}, error -> end = error, () -> end = "gone");
        }
    }

    private record Request(SpiCall call, Sinks.One<Object> answer) {

        /** The blobs' numbers. */
        List<Integer> ids() {
            return Arrays.stream(call.target().split(" "))
                    .map(path -> Integer.parseInt(path.substring(path.lastIndexOf('-') + 1), 16))
                    .sorted()
                    .toList();
        }

        @Override
        public String toString() {
            return call.operation() + " "
                    + ids().stream()
                            .map(String::valueOf)
                            .reduce((a, b) -> a + " " + b)
                            .get();
        }
    }

    /** Answers when it is told to. */
    private static final class Tier implements SpiInterceptor {
        private final List<Request> requests = new ArrayList<>();
        private final List<Request> cancelled = new ArrayList<>();

        @Override
        @SuppressWarnings("unchecked") // a test answers what was asked
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            assertThat(call.operation()).isIn(SpiOperation.BLOB_DELETE, SpiOperation.BLOB_DELETE_ALL);
            Request request = new Request(call, Sinks.one());
            requests.add(request);
            return (Mono<T>) request.answer().asMono().doOnCancel(() -> cancelled.add(request));
        }

        List<String> sent() {
            return requests.stream().map(Request::toString).toList();
        }

        void answer(int request) {
            requests.get(request).answer().tryEmitEmpty();
        }

        void answer(int request, Map<BlobId, Throwable> failed) {
            requests.get(request).answer().tryEmitValue(failed);
        }

        void fail(int request, Throwable error) {
            requests.get(request).answer().tryEmitError(error);
        }
    }
}
