// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.Scopes;
import io.terrace.TerraceException;
import io.terrace.TooLargeException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.CommitGate;
import io.terrace.spi.Deadline;
import io.terrace.spi.EntryId;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The heap is finite, so a store in memory refuses while it can still do so with an error. */
class InMemoryCapacityTest {

    private static final ObjectContext CONTEXT = ObjectContext.of("u", Scopes.none());
    private final TerraceRuntime runtime = TerraceRuntime.system();

    @Test
    void aRowThatDoesNotFitIsRefusedAndLeavesWhatWasThere() {
        InMemoryRows rows = InMemoryRows.builder(runtime).capacityBytes(100).build();
        ObjectId id = ObjectId.of(CONTEXT, "k");
        put(rows, id, 60).block();

        refused(AtCapacityException.class, put(rows, id, 200));
        refused(AtCapacityException.class, put(rows, ObjectId.of(CONTEXT, "other"), 60));

        assertThat(rows.read(id, RowProjection.FULL).block().payload().remaining())
                .isEqualTo(60);
        assertThat(rows.scan("", "").count().block()).isEqualTo(1);
    }

    @Test
    void deletingMakesRoomAndIsNeverRefused() {
        InMemoryRows rows = InMemoryRows.builder(runtime).capacityBytes(100).build();
        ObjectId id = ObjectId.of(CONTEXT, "k");
        put(rows, id, 80).block();
        put(rows, id, 80).block();
        rows.deleteUnlessTombstone(id, runtime.newWriteId()).block();
        put(rows, ObjectId.of(CONTEXT, "m"), 70).block();

        refused(AtCapacityException.class, put(rows, ObjectId.of(CONTEXT, "n"), 70));
    }

    @Test
    void aFenceNeedsNoRoomSinceWithoutItNothingWouldEverBeSettled() {
        InMemoryRows rows = InMemoryRows.builder(runtime).capacityBytes(1).build();

        assertThat(rows.bump(ObjectId.of(CONTEXT, "k"), RowHead.ABSENT, RowChange.fence(7))
                        .block())
                .isEqualTo(new CasOutcome.Applied(RowVersion.of(WriteId.NONE, 7)));
    }

    @Test
    void aPayloadThatIsTooLargeForARowIsRefusedForGood() {
        InMemoryRows rows = InMemoryRows.builder(runtime).maxPayloadBytes(10).build();
        put(rows, ObjectId.of(CONTEXT, "k"), 10).block();

        refused(TooLargeException.class, put(rows, ObjectId.of(CONTEXT, "k"), 11));
    }

    @Test
    void anUploadThatDoesNotFitIsRefusedAndGivesItsRoomBack() {
        InMemoryBlobs blobs = InMemoryBlobs.create(100);
        put(blobs, 60).block();

        refused(AtCapacityException.class, put(blobs, 60));
        put(blobs, 40).block();
        assertThat(blobs.list("").count().block()).isEqualTo(2);
    }

    @Test
    void aBlobLargerThanTheStoreIsRefusedForGoodWhetherItsLengthIsKnownOrNot() {
        InMemoryBlobs blobs = InMemoryBlobs.create(100);

        refused(TooLargeException.class, put(blobs, 101));
        refused(
                TooLargeException.class,
                blobs.put(blob(), ObjectMetadata.defaults(), Payload.from(bytes(101)), CommitGate.OPEN));
        put(blobs, 100).block();
    }

    @Test
    void aFullLogRefusesNewEntriesAndTakesBackRoomOfRemovedOnes() {
        InMemoryChangeLog log = InMemoryChangeLog.create(1);
        ChangeEntry first = entry();
        log.append(first).block();
        log.append(first).block();

        refused(AtCapacityException.class, log.append(entry()));
        log.defer(first.id(), List.of(blob())).block();
        refused(AtCapacityException.class, log.append(entry()));
        log.remove(first.id()).block();
        log.remove(first.id()).block();
        log.append(entry()).block();
        refused(AtCapacityException.class, log.append(entry()));
    }

    private Mono<BlindOutcome> put(InMemoryRows rows, ObjectId id, int size) {
        return rows.putUnlessTombstone(
                id,
                runtime.newWriteId(),
                new InlineObject(ObjectMetadata.defaults(), Deadline.NONE, ByteBuffer.allocate(size)));
    }

    private Mono<?> put(InMemoryBlobs blobs, int size) {
        return blobs.put(
                blob(), ObjectMetadata.defaults(), Payload.from(bytes(size)).contentLength(size), CommitGate.OPEN);
    }

    private static Flux<ByteBuffer> bytes(int size) {
        return Flux.range(0, size).map(i -> ByteBuffer.allocate(1));
    }

    private BlobId blob() {
        return new BlobId(ObjectId.of(CONTEXT, "k"), runtime.newUuid());
    }

    private ChangeEntry entry() {
        BlobId blob = blob();
        return ChangeEntry.open(EntryId.of(blob), blob.object(), blob, WriteId.NONE, List.of());
    }

    private static void refused(Class<? extends TerraceException> type, Mono<?> call) {
        StepVerifier.create(call)
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOfSatisfying(type, refusal -> {
                    assertThat(refusal.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                    assertThat(refusal.backend()).isEqualTo("inmemory");
                }))
                .verify();
    }
}
