// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.TransientException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** WR-2: connections that break, stand still or are not taken. */
abstract class BrokenRowConnectionRules {

    private static final int LARGE = 100_000;
    private static final int CALLS = 200;
    /** What a budget holds from the start, and what the client itself may need to find out that a connection is gone. */
    private static final int RESERVE = 60;

    private final HighVolumeWireTest kit;

    BrokenRowConnectionRules(HighVolumeWireTest kit) {
        this.kit = kit;
    }

    @Rule("WR-2.1")
    void aRowThatArrivesInPartIsNoRow() {
        assertReadsAreWholeOrFail(bytes -> kit.proxy().cutAnswersAfter(bytes, 1));
    }

    @Rule("WR-2.8")
    void aRowWhoseConnectionIsClosedEarlyIsNoRow() {
        assertReadsAreWholeOrFail(bytes -> kit.proxy().endAnswersAfter(bytes, 1));
    }

    private void assertReadsAreWholeOrFail(LongConsumer cutAfter) {
        ObjectId id = kit.connected();
        InlineObject large = new InlineObject(Samples.metadata("large"), Deadline.NONE, Bytes.of(LARGE));
        kit.nearRows().put(id, Rows.writeId(), large);
        for (long bytes : new long[] {0, 1, 9, 100, 1000, 10_000, LARGE - 1}) {
            int cuts = kit.proxy().cuts();
            cutAfter.accept(bytes);
            Pending<Row> read = kit.begin(kit.far().read(id, RowProjection.FULL));

            if (read.error() == null) {
                assertThat(read.value()).as("cut after %s bytes", bytes).isPresent();
                ByteBuffer payload = read.value().orElseThrow().payload();
                assertThat(payload).isEqualTo(Bytes.of(LARGE));
            } else {
                assertThat(read.failure()).isInstanceOf(TransientException.class);
            }
            assertThat(kit.proxy().cuts() - cuts)
                    .as("cuts after %s bytes", bytes)
                    .isEqualTo(1);
            kit.proxy().flow();
            kit.recovers("it can be read again", () -> canRead(id));
        }
    }

    @Rule("WR-2.2")
    void aServerThatDoesNotAnswerEndsEveryCall() {
        ObjectId id = kit.connected();
        RowHead head = kit.nearRows().head(id);
        kit.proxy().holdAnswers();
        Pending<Row> read = kit.begin(kit.far().read(id, RowProjection.FULL));
        List<Pending<?>> writes = List.of(
                kit.begin(kit.far().putUnlessTombstone(kit.nearRows().fresh(), Rows.writeId(), Rows.object("v"))),
                kit.begin(kit.far().deleteUnlessTombstone(id, Rows.writeId())),
                kit.begin(kit.far().compareAndSet(kit.nearRows().fresh(), RowVersion.ABSENT, Rows.inline("v"))),
                kit.begin(kit.far().bump(id, head, RowChange.fence(Rows.WHEN_ABSENT))));

        assertThat(read.failure()).isInstanceOf(TransientException.class);
        assertThat(writes)
                .allSatisfy(write ->
                        assertThat(write.saysUnknown()).as("%s", write.ended()).isTrue());
        kit.far().facet(RowListing.class).ifPresent(listing -> {
            Pending<List<RowListing.ListedRow>> scan =
                    kit.begin(listing.scan("", "").collectList());
            assertThat(scan.failure()).isInstanceOf(TransientException.class);
        });
    }

    @Rule("WR-2.3")
    void whatNeverReachedTheServerHasNotHappened() {
        ObjectId id = kit.connected();
        RowVersion before = kit.nearRows().head(id).version();
        kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
        Pending<BlindOutcome> put = kit.begin(kit.far().putUnlessTombstone(id, Rows.writeId(), Rows.object("lost")));

        assertThat(put.failure()).isNotNull();
        assertThat(kit.nearRows().head(id).version()).isEqualTo(before);
        kit.proxy().flow();
        Await.remains(
                WireConformanceTest.A_WHILE,
                () -> assertThat(kit.nearRows().head(id).version()).isEqualTo(before));
    }

    @Rule(value = "WR-2.4", requirement = Requirement.CAPABILITY)
    void aListingThatBreaksDoesNotEndAsIfItWereWhole() {
        RowListing listing = Assumed.facet(kit.far(), RowListing.class);
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ObjectId id = kit.nearRows().fresh();
            kit.nearRows().install(id, Rows.inline("listed"));
            ids.add(id);
        }
        for (long bytes : new long[] {0, 500, 3000, 10_000}) {
            kit.proxy().cutAnswersAfter(bytes, 1);
            Pending<List<RowListing.ListedRow>> scan =
                    kit.begin(listing.scan("", "").collectList());

            if (scan.error() == null) {
                assertThat(scan.value().orElseThrow())
                        .as("cut after %s bytes", bytes)
                        .extracting(RowListing.ListedRow::id)
                        .containsAll(ids);
            }
            kit.proxy().flow();
            kit.recovers("it can be read again", () -> canRead(ids.get(0)));
        }
    }

    @Rule("WR-2.5")
    void aServerThatFailsIsHardlySentMoreThanTheCalls() {
        ObjectId id = kit.connected();
        int before = kit.proxy().accepted();
        kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
        for (int i = 0; i < CALLS; i++) {
            kit.begin(kit.far().compareAndSet(id, RowVersion.ABSENT, Rows.inline("v")))
                    .failure();
        }

        assertThat(kit.proxy().accepted() - before)
                .as("connections for %s calls that all fail", CALLS)
                .isLessThanOrEqualTo(CALLS + CALLS / 10 + RESERVE);
    }

    @Rule("WR-2.6")
    void whenTheServerIsBackSoAreTheCalls() {
        ObjectId id = kit.connected();
        kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            kit.begin(kit.far().read(id, RowProjection.HEAD)).failure();
        }
        kit.proxy().flow();

        kit.recovers("reads succeed again", () -> canRead(id));
    }

    @Rule("WR-2.7")
    void bytesThatChangeOnTheWayAreFound() {
        ObjectId id = kit.connected();
        InlineObject large = new InlineObject(Samples.metadata("large"), Deadline.NONE, Bytes.of(LARGE));
        kit.nearRows().put(id, Rows.writeId(), large);
        kit.proxy().changeAnswersAfter(LARGE / 2);

        Pending<Row> read = kit.begin(kit.far().read(id, RowProjection.FULL));
        if (read.error() == null) {
            assertThat(read.value().orElseThrow().payload()).isEqualTo(Bytes.of(LARGE));
        } else {
            assertThat(read.failure()).isInstanceOfAny(IntegrityException.class, TransientException.class);
        }
    }

    @Rule("WR-3.1")
    void callsThatAreCancelledHoldNothingBack() {
        ObjectId id = kit.connected();
        List<Supplier<Mono<?>>> calls = List.of(
                () -> kit.far().read(id, RowProjection.FULL),
                () -> kit.far().putUnlessTombstone(kit.nearRows().fresh(), Rows.writeId(), Rows.object("v")),
                () -> kit.far().compareAndSet(kit.nearRows().fresh(), RowVersion.ABSENT, Rows.inline("v")));
        kit.proxy().holdAnswers();
        for (int i = 0; i < kit.moreThanConnections(); i++) {
            kit.cancelOnceSent(calls.get(i % 3).get());
        }
        for (int i = 0; i < 3 * CALLS; i++) {
            Cancel.at(i / 3, calls.get(i % 3).get());
        }
        kit.proxy().flow();
        for (int i = 0; i < 3 * CALLS; i++) {
            Cancel.at(i / 3, calls.get(i % 3).get());
        }

        assertUsable(id);
    }

    @Rule("WR-3.2")
    void connectionsThatBreakHoldNothingBack() {
        ObjectId id = kit.connected();
        for (int i = 0; i < kit.moreThanConnections(); i++) {
            kit.breakOnceAnswered(far -> far.read(id, RowProjection.FULL));
        }

        assertUsable(id);
    }

    @Rule("WR-3.3")
    void closingClosesAllConnections() {
        kit.connected();
        Await.done(kit.far().closeLater());

        kit.recovers("no connection is left", () -> kit.proxy().connections() == 0);
    }

    /** As many calls at once as there are connections are answered, and there are no more of these than are said to be. */
    private void assertUsable(ObjectId id) {
        kit.recovers("reads succeed again", () -> canRead(id));
        int most = kit.wired().connections();
        List<Pending<Row>> reads = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            reads.add(kit.begin(kit.far().read(id, RowProjection.FULL)));
        }
        assertThat(reads).allSatisfy(read -> assertThat(read.value()).isPresent());
        kit.recovers(
                "there are at most " + most + " connections", () -> kit.proxy().connections() <= most);
    }

    private boolean canRead(ObjectId id) {
        return kit.begin(kit.far().read(id, RowProjection.HEAD)).value().isPresent();
    }
}
