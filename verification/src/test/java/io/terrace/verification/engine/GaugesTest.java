// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.TieredObjectStoreMetrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The gauges go up with what they count, and down again. */
class GaugesTest {

    private final Engine engine = new Engine(builder -> builder.maxOperations(3)
            .bulkShare(0.3)
            .queue(10, Duration.ofSeconds(20))
            .payloadBudget(Engine.THRESHOLD));
    private final MeterRegistry meters = new SimpleMeterRegistry();

    GaugesTest() {
        new TieredObjectStoreMetrics(engine.store).bindTo(meters);
    }

    private double read(String name, String... tags) {
        return meters.get("terrace." + name).tags(tags).gauge().value();
    }

    @Test
    void limitsAreWhatTheBuilderWasTold() {
        assertThat(read("permits.limit", "share", "all")).isEqualTo(3);
        assertThat(read("permits.limit", "share", "bulk")).isEqualTo(1);
        assertThat(read("payload.budget")).isEqualTo(Engine.THRESHOLD);
        assertThat(meters.get("terrace.payload.budget").gauge().getId().getBaseUnit())
                .isEqualTo("bytes");
    }

    @Test
    void operationsThatRunTakePermitsAndGiveThemBack() {
        engine.put(Engine.LARGE);
        StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
        assertThat(read("permits.used", "share", "all")).isEqualTo(1);
        assertThat(read("permits.used", "share", "bulk")).isZero();
        assertThat(read("active")).isEqualTo(1);
        engine.finish(open.discard());
        assertAllAtRest();
    }

    @Test
    void bulkWorkTakesBothAndWaitsForItsShare() {
        for (String name : List.of("a", "b", "c")) {
            engine.finish(engine.store.put(
                    ObjectId.of(Engine.ID.context(), name), ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL)));
        }
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_DELETE, Fault.HANG)
                .or(FaultPlan.always(SpiOperation.ROW_CAS, Fault.HANG)));
        Disposable bulk = engine.store
                .deleteAll(ObjectContext.of(Engine.ID.context().usecase()))
                .subscribe();
        assertThat(read("permits.used", "share", "all")).isEqualTo(1);
        assertThat(read("permits.used", "share", "bulk")).isEqualTo(1);
        assertThat(read("waiting", "awaited", "bulk")).isEqualTo(2);
        bulk.dispose();
        engine.rest();
        assertAllAtRest();
    }

    @Test
    void whoWaitsIsCountedUntilThereIsRoom() {
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        Disposable.Composite all = Disposables.composite();
        for (int i = 0; i < 5; i++) {
            all.add(engine.store.head(Engine.ID).subscribe());
        }
        assertThat(read("permits.used", "share", "all")).isEqualTo(3);
        assertThat(read("waiting", "awaited", "all")).isEqualTo(2);
        assertThat(read("active")).isEqualTo(5);
        all.dispose();
        engine.rest();
        assertAllAtRest();
    }

    @Test
    void payloadsInMemoryAreCountedInBytesAndThoseThatDoNotFitWait() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.HANG));
        Mono<?> put = engine.store.put(
                Engine.ID,
                ObjectMetadata.defaults(),
                Payload.from(Flux.just(ByteBuffer.allocate(10))).contentLength(10));
        put.subscribe(info -> {}, error -> {});
        put.subscribe(info -> {}, error -> {});
        assertThat(read("payload.used")).isEqualTo(10);
        assertThat(read("waiting", "awaited", "payload")).isEqualTo(1);
        engine.rest();
        assertAllAtRest();
    }

    @Test
    void workBehindAnAnswerIsCountedUntilItIsDone() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.on(SpiOperation.BLOB_DELETE, 1, Fault.HANG));
        engine.put(Engine.SMALL);
        assertThat(read("behind.answers")).isEqualTo(1);
        assertThat(read("active")).isEqualTo(1);
        engine.finish(engine.store.closeLater(Duration.ZERO));
        assertAllAtRest();
    }

    @Test
    void whatIsLeftToRecoveryIsCountedUntilARecoveryHasBeenThroughIt() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(SpiOperation.BLOB_DELETE, Fault.FAIL_NOT_APPLIED));
        engine.put(Engine.SMALL);
        engine.runtime.advance(Duration.ofSeconds(30));
        assertThat(read("backlog")).isEqualTo(1);
        engine.finish(engine.store.recover());
        assertThat(read("backlog")).as("after one that failed").isEqualTo(1);
        assertThat(result("recover", "failed")).isEqualTo(1);
        engine.faults.follow(FaultPlan.none());
        engine.finish(engine.store.recover());
        assertThat(read("backlog")).isZero();
        assertThat(result("recover", "failed")).isZero();
        assertThat(result("recover", "settled")).isEqualTo(1);
    }

    @Test
    void whatWasLeftDuringARecoveryIsNotCountedAsDone() {
        engine.put(Engine.LARGE);
        FaultPlan keepBlobs = FaultPlan.always(SpiOperation.BLOB_DELETE, Fault.FAIL_NOT_APPLIED);
        boolean[] within = new boolean[1];
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.LOG_SCAN && !within[0]) {
                within[0] = true;
                engine.faults.follow(keepBlobs);
                engine.put(Engine.SMALL);
                engine.runtime.advance(Duration.ofSeconds(30));
                engine.faults.follow(FaultPlan.none());
            }
            return Fault.OK;
        });
        engine.finish(engine.store.recover());
        assertThat(within[0]).isTrue();
        assertThat(read("backlog")).isEqualTo(1);
        engine.finish(engine.store.recover());
        assertThat(read("backlog")).isZero();
    }

    @Test
    void aPassOfMaintenanceLeavesItsTimeAndItsResult() {
        for (String pass : List.of("recover", "sweep", "maintain")) {
            assertThat(read("pass.ended", "pass", pass)).isNaN();
            assertThat(read("pass.succeeded", "pass", pass)).isNaN();
        }
        assertThat(result("sweep", "kept")).isNaN();
        engine.put(Engine.LARGE);
        engine.finish(engine.store.recover());
        engine.finish(engine.store.sweep());
        assertThat(read("pass.ended", "pass", "recover")).isEqualTo(engine.runtime.nowMicros() / 1e6);
        assertThat(result("sweep", "kept")).isEqualTo(1);
        assertThat(read("pass.succeeded", "pass", "maintain")).isNaN();

        engine.runtime.advance(Duration.ofHours(1));
        engine.finish(engine.store.maintain());
        for (String pass : List.of("recover", "sweep", "maintain")) {
            assertThat(read("pass.ended", "pass", pass)).isEqualTo(engine.runtime.nowMicros() / 1e6);
            assertThat(read("pass.succeeded", "pass", pass)).isEqualTo(1);
        }
        assertThat(result("maintain", "rows")).isZero();
    }

    @Test
    void aPassThatFailsSaysSoAndTheResultStaysThatOfTheLastOneThatDidNot() {
        engine.put(Engine.LARGE);
        engine.finish(engine.store.sweep());
        engine.runtime.advance(Duration.ofHours(1));
        engine.faults.follow(FaultPlan.always(SpiOperation.BLOB_LIST, Fault.FAIL_NOT_APPLIED));
        assertThatThrownBy(() -> engine.finish(engine.store.sweep())).isInstanceOf(TerraceException.class);
        assertThat(read("pass.succeeded", "pass", "sweep")).isZero();
        assertThat(read("pass.ended", "pass", "sweep")).isEqualTo(engine.runtime.nowMicros() / 1e6);
        assertThat(result("sweep", "kept")).isEqualTo(1);
    }

    @Test
    void storesInOneRegistryAreToldApartByTheirTags() {
        TieredObjectStore other = engine.another(builder -> builder.maxOperations(7));
        new TieredObjectStoreMetrics(other, Tags.of("store", "other")).bindTo(meters);
        assertThat(read("permits.limit", "store", "other", "share", "all")).isEqualTo(7);
        assertThat(meters.find("terrace.permits.limit").tag("share", "all").gauges().stream()
                        .map(Gauge::value))
                .containsExactlyInAnyOrder(3.0, 7.0);
    }

    private double result(String pass, String component) {
        return read("pass.result", "pass", pass, "result", component);
    }

    private void assertAllAtRest() {
        for (String name : List.of("permits.used", "waiting", "payload.used", "active", "behind.answers")) {
            assertThat(meters.get("terrace." + name).gauges())
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        }
    }
}
