// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static io.terrace.testkit.fault.SpiOperation.BLOB_DELETE;
import static io.terrace.testkit.fault.SpiOperation.BLOB_GET;
import static io.terrace.testkit.fault.SpiOperation.BLOB_LIST;
import static io.terrace.testkit.fault.SpiOperation.BLOB_PUT;
import static io.terrace.testkit.fault.SpiOperation.LOG_APPEND;
import static io.terrace.testkit.fault.SpiOperation.LOG_CLAIM;
import static io.terrace.testkit.fault.SpiOperation.LOG_GET;
import static io.terrace.testkit.fault.SpiOperation.LOG_REFERENCED;
import static io.terrace.testkit.fault.SpiOperation.LOG_REMOVE;
import static io.terrace.testkit.fault.SpiOperation.LOG_SCAN;
import static io.terrace.testkit.fault.SpiOperation.PIN_ANY;
import static io.terrace.testkit.fault.SpiOperation.RECORD_BEGIN;
import static io.terrace.testkit.fault.SpiOperation.RECORD_GET;
import static io.terrace.testkit.fault.SpiOperation.RECORD_REPLACE;
import static io.terrace.testkit.fault.SpiOperation.RECORD_SCAN;
import static io.terrace.testkit.fault.SpiOperation.ROW_BUMP;
import static io.terrace.testkit.fault.SpiOperation.ROW_CAS;
import static io.terrace.testkit.fault.SpiOperation.ROW_DELETE;
import static io.terrace.testkit.fault.SpiOperation.ROW_PUT;
import static io.terrace.testkit.fault.SpiOperation.ROW_READ;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_ABORT;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_COMPLETE;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_LIST;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_PART;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_PARTS;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.MetadataPatch;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PutOptions;
import io.terrace.TransientException;
import io.terrace.spi.RowChange;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * What an operation costs, in calls of the SPIs: those that the caller waits for, and those behind the answer. A change
 * here is a change of the product's price.
 */
class SpiCallsTest {

    private Engine engine = new Engine();

    @Test
    void aSmallPutIsOneCallOverNothingOverInlineAndOverAMarker() {
        assertCost(put(Engine.SMALL), List.of(ROW_PUT), List.of());
        assertCost(put(Engine.SMALL), List.of(ROW_PUT), List.of());
        engine.finish(engine.store.delete(Engine.ID));
        assertCost(put(Engine.SMALL), List.of(ROW_PUT), List.of());
    }

    @Test
    void aDeleteIsOneCallOfNothingOfInlineAndOfAMarker() {
        assertCost(engine.store.delete(Engine.ID), List.of(ROW_DELETE), List.of());
        engine.put(Engine.SMALL);
        assertCost(engine.store.delete(Engine.ID), List.of(ROW_DELETE), List.of());
        assertCost(engine.store.delete(Engine.ID), List.of(ROW_DELETE), List.of());
    }

    @Test
    void aSmallPutOverALargeObjectIsRecorded() {
        engine.put(Engine.LARGE);
        assertCost(put(Engine.SMALL), List.of(ROW_PUT, LOG_APPEND, ROW_CAS), List.of(BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aDeleteOfALargeObjectIsRecorded() {
        engine.put(Engine.LARGE);
        assertCost(
                engine.store.delete(Engine.ID),
                List.of(ROW_DELETE, LOG_APPEND, ROW_CAS),
                List.of(BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aLargePutReadsAndRecordsWhileItUploads() {
        assertCost(put(Engine.LARGE), List.of(ROW_READ, LOG_APPEND, BLOB_PUT, ROW_CAS), List.of(LOG_REMOVE));
        assertCost(
                put(Engine.LARGE), List.of(ROW_READ, LOG_APPEND, BLOB_PUT, ROW_CAS), List.of(BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aConditionalSmallPutOrDeleteIsAReadAndACompareAndSet() {
        assertCost(put(Engine.SMALL, PutOptions.ifAbsent()), List.of(ROW_READ, ROW_CAS), List.of());
        assertCost(put(Engine.SMALL, PutOptions.ifMatch(engine.etag())), List.of(ROW_READ, ROW_CAS), List.of());
        assertCost(
                engine.store.delete(Engine.ID, Precondition.ifMatch(engine.etag())),
                List.of(ROW_READ, ROW_CAS),
                List.of());
    }

    @Test
    void aConditionalSmallPutOrDeleteOfALargeObjectIsRecorded() {
        engine.put(Engine.LARGE);
        assertCost(
                put(Engine.SMALL, PutOptions.ifMatch(engine.etag())),
                List.of(ROW_READ, LOG_APPEND, ROW_CAS),
                List.of(BLOB_DELETE, LOG_REMOVE));
        engine.put(Engine.LARGE);
        assertCost(
                engine.store.delete(Engine.ID, Precondition.ifMatch(engine.etag())),
                List.of(ROW_READ, LOG_APPEND, ROW_CAS),
                List.of(BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aConditionalLargePutCostsWhatAnyLargePutDoes() {
        assertCost(
                put(Engine.LARGE, PutOptions.ifAbsent()),
                List.of(ROW_READ, LOG_APPEND, BLOB_PUT, ROW_CAS),
                List.of(LOG_REMOVE));
        assertCost(
                put(Engine.LARGE, PutOptions.ifMatch(engine.etag())),
                List.of(ROW_READ, LOG_APPEND, BLOB_PUT, ROW_CAS),
                List.of(BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aDeleteOfNothingThatIsRequiredToBeNothingIsARead() {
        assertCost(engine.store.delete(Engine.ID, Precondition.ifAbsent()), List.of(ROW_READ), List.of());
    }

    @Test
    void anUpdateOfTheMetadataIsAReadAndABumpWhateverTheSize() {
        for (String value : List.of(Engine.SMALL, Engine.LARGE)) {
            engine.put(value);
            assertCost(update(), List.of(ROW_READ, ROW_BUMP), List.of());
        }
        engine.finish(engine.store.delete(Engine.ID));
        assertCost(update(), List.of(ROW_READ), List.of());
    }

    @Test
    void aCopyIsAGetAndAPut() {
        ObjectId copy = ObjectId.of(Engine.ID.context(), "copy");
        engine.put(Engine.SMALL);
        assertCost(engine.store.copy(Engine.ID, copy, PutOptions.defaults()), List.of(ROW_READ, ROW_PUT), List.of());
        engine.put(Engine.LARGE);
        assertCost(
                engine.store.copy(Engine.ID, copy, PutOptions.defaults()),
                List.of(ROW_READ, BLOB_GET, ROW_READ, LOG_APPEND, BLOB_PUT, ROW_CAS),
                List.of(LOG_REMOVE));
    }

    private Mono<?> update() {
        return engine.store.updateMetadata(
                Engine.ID, MetadataPatch.builder().custom("k", "v").build());
    }

    @Test
    void anUploadIsAStartAndARecordAndAPartIsALookAtTheRecord() {
        assertCost(
                engine.store.uploads().initiate(Engine.ID, ObjectMetadata.defaults()),
                List.of(UPLOAD_START, RECORD_BEGIN),
                List.of());
        UploadedParts upload = new UploadedParts(engine);
        assertCost(
                engine.store.uploads().uploadPart(Engine.ID, upload.id, 4, Payload.ofText("more")),
                List.of(RECORD_GET, UPLOAD_PART),
                List.of());
        assertCost(
                engine.store.uploads().listParts(Engine.ID, upload.id, 0, 10),
                List.of(RECORD_GET, UPLOAD_PARTS),
                List.of());
        assertCost(upload.abort(), List.of(RECORD_GET, RECORD_REPLACE, UPLOAD_ABORT), List.of());
    }

    @Test
    void aCompleteReadsTheRowAndTheRecordAndIsRecordedBeforeItAssembles() {
        List<SpiOperation> critical = List.of(RECORD_GET, ROW_READ, RECORD_REPLACE, UPLOAD_COMPLETE, ROW_CAS);
        UploadedParts first = new UploadedParts(engine);
        assertCost(first.complete(), critical, List.of(ROW_READ, RECORD_REPLACE));
        UploadedParts second = new UploadedParts(engine);
        assertCost(second.complete(), critical, List.of(ROW_READ, BLOB_DELETE, RECORD_REPLACE));
        assertCost(second.complete(), List.of(RECORD_GET, ROW_READ), List.of());
    }

    @Test
    void aReleaseLooksForPinsOnlyIfAskedTo() {
        engine = new Engine(builder -> builder.honourPins(true));
        engine.put(Engine.LARGE);
        assertCost(put(Engine.SMALL), List.of(ROW_PUT, LOG_APPEND, ROW_CAS), List.of(PIN_ANY, BLOB_DELETE, LOG_REMOVE));
    }

    @Test
    void aGetIsOneCallAndOfALargeObjectTwo() {
        assertCost(get(), List.of(ROW_READ), List.of());
        engine.put(Engine.SMALL);
        assertCost(get(), List.of(ROW_READ), List.of());
        engine.put(Engine.LARGE);
        assertCost(get(), List.of(ROW_READ, BLOB_GET), List.of());
    }

    @Test
    void aHeadIsOneCallWhateverTheSize() {
        engine.put(Engine.SMALL);
        assertCost(engine.store.head(Engine.ID), List.of(ROW_READ), List.of());
        engine.put(Engine.LARGE);
        assertCost(engine.store.head(Engine.ID), List.of(ROW_READ), List.of());
    }

    @Test
    void aTouchIsOneCallBehindTheAnswer() {
        for (String value : List.of(Engine.SMALL, Engine.LARGE)) {
            put(value, ExpirationPolicy.timeToIdle(Duration.ofHours(8)));
            engine.runtime.advance(Duration.ofHours(4));
            assertCost(engine.store.head(Engine.ID), List.of(ROW_READ), List.of(ROW_BUMP));
        }
    }

    @Test
    void theSweepOfAnExpiredLargeObjectIsThreeRowCallsAndOneDelete() {
        put(Engine.LARGE, ExpirationPolicy.timeToLive(Duration.ofHours(1)));
        engine.runtime.advance(Duration.ofHours(2));
        assertCost(
                engine.store.sweep(),
                List.of(BLOB_LIST, LOG_REFERENCED, ROW_READ, ROW_BUMP, ROW_BUMP, BLOB_DELETE, UPLOAD_LIST),
                List.of());
    }

    @Test
    void aConflictWithAnotherValueNeedsNoFurtherCallIfTheStoreReportsWhatItFound() {
        assertThat(conflict(new Engine())).isEmpty();
    }

    @Test
    void aConflictWithAnotherValueNeedsOneReadIfTheStoreOnlyRefuses() {
        assertThat(conflict(new Engine(builder -> builder, false))).containsExactly(ROW_READ);
    }

    @Test
    void aConflictWithABumpChecksTheEntryAndTriesAgain() {
        Engine silent = new Engine(builder -> builder, false);
        silent.put(Engine.LARGE);
        List<SpiOperation> calls = callsAfterTheFirstRefusal(silent, () -> silent.rows
                .bump(Engine.ID, silent.head(), RowChange.fence(1))
                .block());
        assertThat(calls).containsExactly(ROW_READ, LOG_GET, ROW_CAS);
    }

    @Test
    void resolvingAnEntryIsAClaimAReadAFenceAndARemoval() {
        engine.faults.follow(FaultPlan.always(ROW_CAS, Fault.FAIL_NOT_APPLIED)
                .or(FaultPlan.always(ROW_BUMP, Fault.FAIL_NOT_APPLIED)));
        assertThatThrownBy(() -> engine.put(Engine.LARGE)).isInstanceOf(TransientException.class);
        engine.rest();
        engine.faults.follow(FaultPlan.none());
        assertThat(engine.entries()).hasSize(1);
        assertCost(
                engine.another(builder -> builder).recover(),
                List.of(LOG_SCAN, LOG_CLAIM, ROW_READ, ROW_BUMP, BLOB_DELETE, LOG_REMOVE, RECORD_SCAN),
                List.of());
    }

    /** A small put over a large object, while another put takes effect between its append and its compare-and-set. */
    private static List<SpiOperation> conflict(Engine engine) {
        engine.put(Engine.LARGE);
        return callsAfterTheFirstRefusal(
                engine,
                () -> engine.finish(engine.another(builder -> builder)
                        .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("other"))));
    }

    private static List<SpiOperation> callsAfterTheFirstRefusal(Engine engine, Runnable meanwhile) {
        List<SpiOperation> calls = new ArrayList<>();
        engine.faults.follow(new Meanwhile(() -> {
            engine.faults.follow(FaultPlan.none());
            meanwhile.run();
            engine.traffic.reset();
        }));
        engine.finish(engine.store
                .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL))
                .doOnNext(answer -> calls.addAll(engine.traffic.operations())));
        return calls;
    }

    /** Runs something just before the first compare-and-set. */
    private record Meanwhile(Runnable action) implements FaultPlan {
        @Override
        public Fault faultFor(SpiCall call) {
            if (call.operation() == ROW_CAS) {
                action.run();
            }
            return Fault.OK;
        }
    }

    private Mono<?> put(String value) {
        return put(value, PutOptions.defaults());
    }

    private Mono<?> put(String value, PutOptions options) {
        return engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(value), options);
    }

    private Mono<String> get() {
        return engine.store.withObject(Engine.ID, GetOptions.all(), Engine::text);
    }

    private void put(String value, ExpirationPolicy policy) {
        ObjectMetadata metadata = ObjectMetadata.builder().expiration(policy).build();
        engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText(value)));
    }

    private void assertCost(Mono<?> operation, List<SpiOperation> before, List<SpiOperation> behind) {
        List<SpiOperation> critical = new ArrayList<>();
        engine.traffic.reset();
        engine.finish(operation.doOnSuccess(answer -> critical.addAll(engine.traffic.operations())));
        assertThat(critical).as("calls that the caller waits for").containsExactlyElementsOf(before);
        List<SpiOperation> all = engine.traffic.operations();
        assertThat(all.subList(critical.size(), all.size()))
                .as("calls behind the answer")
                .containsExactlyElementsOf(behind);
    }
}
