// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.BatchOperation;
import io.terrace.BatchResult;
import io.terrace.Determinacy;
import io.terrace.GetOptions;
import io.terrace.IntegrityException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.PutOptions;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Many operations at once: each for itself, a bounded number at a time. */
class BatchTest {

    private static final int MANY = 1000;

    private final Engine engine = new Engine();

    @Test
    void aThousandOfEachKindEndEachAsItWouldAlone() {
        List<BatchResult<ObjectInfo>> puts = run(Flux.range(0, MANY).map(i -> put(i, value(i))));
        assertThat(puts).hasSize(MANY).allMatch(BatchResult::succeeded);
        assertThat(puts.stream().map(BatchResult::index).distinct().count()).isEqualTo(MANY);
        engine.rest();
        assertThat(engine.blobs()).hasSize(MANY / 2);
        assertThat(engine.entries()).isEmpty();

        List<BatchResult<String>> gets = run(Flux.range(0, MANY).map(i -> BatchOperation.get(id(i), Engine::text)));
        assertThat(gets).hasSize(MANY).allSatisfy(result -> assertThat(result.value())
                .isEqualTo(value((int) result.index())));

        List<BatchResult<ObjectInfo>> heads = run(Flux.range(0, MANY).map(i -> BatchOperation.head(id(i))));
        assertThat(heads).hasSize(MANY).allSatisfy(result -> assertThat(
                        Objects.requireNonNull(result.value()).size())
                .isEqualTo(value((int) result.index()).length()));

        List<BatchResult<Void>> deletes = run(Flux.range(0, MANY).map(i -> BatchOperation.delete(id(i))));
        assertThat(deletes).hasSize(MANY).allMatch(BatchResult::succeeded);
        engine.rest();
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
    }

    @Test
    void aThousandSmallGetsOrHeadsAreAtMostTenRequests() {
        run(Flux.range(0, MANY).filter(i -> i % 3 != 0).map(i -> put(i, Engine.SMALL)));
        engine.traffic.reset();
        List<BatchResult<String>> gets =
                runAtOnce(Flux.range(0, MANY).map(i -> BatchOperation.get(id(i), Engine::text)));
        assertThat(gets).hasSize(MANY).allSatisfy(result -> assertThat(result.value())
                .isEqualTo(result.index() % 3 == 0 ? null : Engine.SMALL));
        assertFewRequests("gets");

        engine.traffic.reset();
        List<BatchResult<ObjectInfo>> heads = runAtOnce(Flux.range(0, MANY).map(i -> BatchOperation.head(id(i))));
        assertThat(heads).hasSize(MANY).allMatch(BatchResult::succeeded);
        assertFewRequests("heads");
    }

    private void assertFewRequests(String what) {
        List<SpiOperation> requests = engine.traffic.operations();
        System.out.printf("batch: %d %s in %d requests%n", MANY, what, requests.size());
        assertThat(requests).hasSizeLessThanOrEqualTo(10).containsOnly(SpiOperation.ROW_READ_ALL);
    }

    @Test
    void getsOfLargeObjectsShareTheReadsOfTheirRows() {
        run(Flux.range(0, 100).map(i -> put(i, Engine.LARGE)));
        engine.rest();
        engine.traffic.reset();
        List<BatchResult<String>> gets =
                runAtOnce(Flux.range(0, 100).map(i -> BatchOperation.get(id(i), Engine::text)));
        assertThat(gets).hasSize(100).allSatisfy(result -> assertThat(result.value())
                .isEqualTo(Engine.LARGE));
        assertThat(engine.traffic.records(SpiOperation.ROW_READ_ALL)).hasSize(1);
        assertThat(engine.traffic.records(SpiOperation.BLOB_GET)).hasSize(100);
        assertThat(engine.traffic.operations()).hasSize(101);
        assertThat(engine.traffic.openBlobs()).isZero();
    }

    @Test
    void readsThatAreNotInBulkAreNotJoined() {
        engine.finish(
                Flux.range(0, 10).flatMap(i -> engine.store.head(id(i))).then().subscribeOn(engine.runtime.timers()));
        assertThat(engine.traffic.operations()).hasSize(10).containsOnly(SpiOperation.ROW_READ);
    }

    @Test
    void aRequestThatFailsFailsTheReadsInItAndNoOther() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_READ_ALL, 1, Fault.FAIL_NOT_APPLIED));
        List<BatchResult<ObjectInfo>> heads = runAtOnce(Flux.range(0, 300).map(i -> BatchOperation.head(id(i))));
        assertThat(heads).hasSize(300);
        assertThat(heads.stream().filter(result -> !result.succeeded()))
                .hasSize(ObjectStore.BATCH_CONCURRENCY)
                .allSatisfy(failed -> assertThat(failed.error()).isInstanceOf(BackendUnavailableException.class));
        assertThat(engine.traffic.operations()).as("nothing is repeated").hasSize(3);
    }

    @Test
    void aRowThatCannotBeDecodedFailsItsOwnReaderOnly() {
        SpiInterceptor damage = new SpiInterceptor() {
            @Override
            public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
                return call.target().equals(id(3).storagePath()) ? Mono.error(damaged()) : invocation;
            }

            @Override
            public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
                return Flux.error(damaged());
            }
        };
        run(Flux.range(0, 10).map(i -> put(i, Engine.SMALL)));
        ObjectStore store = engine.another(builder -> builder.highVolume(damage.rows(engine.rows)));
        List<BatchResult<ObjectInfo>> heads = Objects.requireNonNull(
                engine.finish(store.<ObjectInfo>batch(Flux.range(0, 10).map(i -> BatchOperation.head(id(i))))
                        .collectList()
                        .subscribeOn(engine.runtime.timers())));
        assertThat(heads.stream().filter(result -> !result.succeeded()))
                .singleElement()
                .satisfies(failed -> {
                    assertThat(failed.index()).isEqualTo(3);
                    assertThat(failed.error()).isInstanceOf(IntegrityException.class);
                });
    }

    private static IntegrityException damaged() {
        return new IntegrityException("broken", "The row cannot be decoded.", Determinacy.NOT_APPLIED);
    }

    @Test
    void theBlobsOfAThousandDeletesAreDeletedInAtMostTenRequests() {
        run(Flux.range(0, MANY).map(i -> put(i, Engine.LARGE)));
        engine.rest();
        assertThat(engine.blobs()).hasSize(MANY);
        engine.traffic.reset();
        TieredObjectStore far = far(Duration.ofMillis(5));
        Mono<List<BatchResult<Void>>> deletes = far.<Void>batch(
                        Flux.range(0, MANY).map(i -> BatchOperation.delete(id(i))))
                .collectList();
        assertThat(Objects.requireNonNull(engine.finish(deletes))).hasSize(MANY).allMatch(BatchResult::succeeded);
        engine.rest();
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
        int requests = engine.traffic.records(SpiOperation.BLOB_DELETE).size()
                + engine.traffic.records(SpiOperation.BLOB_DELETE_ALL).size();
        System.out.printf("batch: the blobs of %d deletes in %d requests%n", MANY, requests);
        assertThat(requests).isLessThanOrEqualTo(10);
    }

    /** A store over the same tiers, each call of which takes a while. */
    private TieredObjectStore far(Duration time) {
        SpiInterceptor distance = new SpiInterceptor() {
            @Override
            public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
                return Mono.delay(time, engine.runtime.timers()).then(invocation);
            }
        };
        return engine.another(builder -> builder.highVolume(engine.traffic.rows(distance.rows(engine.rows)))
                .longTerm(engine.traffic.blobs(distance.blobs(engine.blobs)))
                .changeLog(engine.traffic.changeLog(distance.changeLog(engine.log))));
    }

    @Test
    void nothingAtAllHasNoResults() {
        assertThat(run(Flux.<BatchOperation<Void>>empty())).isEmpty();
        assertThat(engine.traffic.operations()).isEmpty();
    }

    @Test
    void whatFailsSaysWhichItWasAndStopsNoOther() {
        engine.put(Engine.SMALL);
        BatchOperation<Object> broken = BatchOperation.get(Engine.ID, object -> {
            throw new IllegalStateException("of the use");
        });
        List<BatchResult<Object>> results = run(Flux.just(
                new BatchOperation.Put(
                        Engine.ID, ObjectMetadata.defaults(), Payload.ofText("x"), PutOptions.ifAbsent()),
                broken,
                BatchOperation.head(id(1)),
                new BatchOperation.Delete(Engine.ID, Precondition.ifMatch("of another one")),
                BatchOperation.head(Engine.ID)));
        assertThat(results).extracting(BatchResult::index).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        assertThat(at(results, 0).error()).isInstanceOf(PreconditionFailedException.class);
        assertThat(at(results, 1).error()).hasMessage("of the use");
        assertThat(at(results, 2).error()).isNull();
        assertThat(at(results, 2).value()).isNull();
        assertThat(at(results, 3).error()).isInstanceOf(PreconditionFailedException.class);
        assertThat(at(results, 4).value()).isInstanceOf(ObjectInfo.class);
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
    }

    @Test
    void aFailureOfOneTierIsThatOfTheOperationsThatMetIt() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.LOST));
        List<BatchResult<ObjectInfo>> results = run(Flux.range(0, 10).map(i -> put(i, Engine.SMALL)));
        assertThat(results).hasSize(10);
        assertThat(results.stream().filter(result -> !result.succeeded()))
                .singleElement()
                .satisfies(failed -> assertThat(failed.error()).isInstanceOf(OutcomeUnknownException.class));
    }

    @Test
    void onlySoManyAreUnderWayAndTakenFromTheSource() {
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_PUT, Fault.HANG));
        TestPublisher<BatchOperation<ObjectInfo>> source = TestPublisher.create();
        AtomicLong asked = new AtomicLong();
        List<Object> results = new ArrayList<>();
        engine.store
                .<ObjectInfo>batch(source.flux().doOnRequest(asked::addAndGet), 3)
                .subscribe(results::add);
        assertThat(asked).hasValue(3);
        source.next(put(1, Engine.SMALL), put(2, Engine.SMALL), put(3, Engine.SMALL));
        assertThat(engine.traffic.operations()).hasSize(3);
        assertThat(asked).hasValue(3);
        engine.runtime.advance(Duration.ofMinutes(1));
        assertThat(results).as("each is late").hasSize(3);
        assertThat(asked).hasValue(6);
    }

    @Test
    void resultsThatNobodyAsksForHoldUpTheRest() {
        AtomicLong taken = new AtomicLong();
        StepVerifier.create(
                        engine.store.<ObjectInfo>batch(
                                Flux.range(0, MANY)
                                        .doOnNext(i -> taken.incrementAndGet())
                                        .map(i -> BatchOperation.head(id(i))),
                                5),
                        0)
                .then(() -> assertThat(taken).hasValue(5))
                .thenRequest(2)
                .expectNextCount(2)
                .then(() -> assertThat(taken.get()).isLessThanOrEqualTo(7))
                .thenCancel()
                .verify();
    }

    @Test
    void aStoreThatMayDoLittleAtATimeStillDoesItAll() {
        Engine narrow = new Engine(
                builder -> builder.maxOperations(4).queue(0, Duration.ZERO).bulkShare(0.5));
        List<BatchResult<ObjectInfo>> results = Objects.requireNonNull(narrow.finish(narrow.store
                .<ObjectInfo>batch(Flux.range(0, 100).map(i -> put(i, Engine.LARGE)))
                .collectList()));
        assertThat(results).hasSize(100).allMatch(BatchResult::succeeded);
    }

    @Test
    void itLeavesRoomForOthers() {
        Engine narrow = new Engine(
                builder -> builder.maxOperations(4).queue(0, Duration.ZERO).bulkShare(0.5));
        narrow.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        List<BatchResult<ObjectInfo>> results = new ArrayList<>();
        narrow.store
                .<ObjectInfo>batch(Flux.range(0, 8).map(i -> BatchOperation.head(id(i))), 8)
                .subscribe(results::add);
        assertThat(results)
                .as("beyond its share, and beyond the waiting room of that")
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.error()).isInstanceOf(AtCapacityException.class));
        narrow.faults.follow(FaultPlan.none());
        narrow.finish(narrow.store.head(Engine.ID));
    }

    @Test
    void aSourceThatFailsEndsTheBatchAfterWhatWasBegun() {
        IllegalStateException broken = new IllegalStateException("of the source");
        StepVerifier.create(engine.store.<ObjectInfo>batch(
                        Flux.concat(Flux.range(0, 3).map(i -> put(i, Engine.LARGE)), Flux.error(broken))))
                .recordWith(ArrayList::new)
                .thenConsumeWhile(BatchResult::succeeded)
                .expectErrorMatches(error -> error == broken)
                .verify();
        assertThat(engine.blobs()).hasSize(3);
    }

    @Test
    void aCancelUndoesWhatHasNotPassedItsCommitPoint() {
        engine.faults.follow(FaultPlan.always(SpiOperation.BLOB_PUT, Fault.HANG));
        engine.store
                .<ObjectInfo>batch(Flux.range(0, 10).map(i -> put(i, Engine.LARGE)))
                .subscribe()
                .dispose();
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
        assertThat(engine.finish(engine.store.head(id(0)))).isNull();
    }

    @Test
    void anOperationAloneIsTheMethodOfItsName() {
        engine.finish(put(1, Engine.SMALL).on(engine.store));
        assertThat(engine.finish(new BatchOperation.Get<>(id(1), GetOptions.all(), Engine::text).on(engine.store)))
                .isEqualTo(Engine.SMALL);
    }

    @Test
    void theLinesOfTheReadmeDoWhatTheySay() {
        engine.put(Engine.SMALL);
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_DELETE, 1, Fault.LOST));
        Flux<ObjectId> ids = Flux.just(Engine.ID, id(1));
        Flux<BatchOperation<Void>> deletes = ids.map(BatchOperation::delete);
        Flux<BatchResult<Void>> failed = engine.store.<Void>batch(deletes).filter(result -> !result.succeeded());
        assertThat(engine.finish(failed.collectList())).hasSize(1);
    }

    @Test
    void lessThanOneAtATimeIsRefused() {
        assertThatThrownBy(() -> engine.store.batch(Flux.<BatchOperation<Void>>empty(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("concurrency is 0, but must be at least 1.");
    }

    private <T> List<BatchResult<T>> run(Flux<? extends BatchOperation<? extends T>> operations) {
        Mono<List<BatchResult<T>>> all = engine.store.<T>batch(operations).collectList();
        return Objects.requireNonNull(engine.finish(all));
    }

    /** Whoever looks for reads to join does so after all that can be begun has begun, as on a thread of its own. */
    private <T> List<BatchResult<T>> runAtOnce(Flux<? extends BatchOperation<? extends T>> operations) {
        Mono<List<BatchResult<T>>> all = engine.store.<T>batch(operations).collectList();
        return Objects.requireNonNull(engine.finish(all.subscribeOn(engine.runtime.timers())));
    }

    private static <T> BatchResult<T> at(List<BatchResult<T>> results, long index) {
        return results.stream()
                .filter(result -> result.index() == index)
                .findFirst()
                .orElseThrow();
    }

    private static BatchOperation.Put put(int i, String value) {
        return BatchOperation.put(id(i), ObjectMetadata.defaults(), Payload.ofText(value));
    }

    private static ObjectId id(int i) {
        return ObjectId.of(ObjectContext.of("batches"), "object-" + i);
    }

    /** Every other one is large. */
    private static String value(int i) {
        return i % 2 == 0 ? "small " + i : Engine.LARGE + " " + i;
    }
}
