// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

/** Which reads go out together, and who hears of what. */
class JoinedReadsTest {

    private final IllegalStateException broken = new IllegalStateException("broken");

    private final ManualRuntime runtime = new ManualRuntime(1);
    private final InMemoryRows rows = InMemoryRows.create(runtime);
    private final TrafficRecorder traffic = new TrafficRecorder();
    private final List<Call> calls = new ArrayList<>();
    private int maxRows = 100;

    private final JoinedReads joined = new JoinedReads(
            traffic.rows(rows),
            new MultiRowReads() {
                @Override
                public int maxRows() {
                    return maxRows;
                }

                @Override
                public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
                    Call call = new Call(List.copyOf(ids), TestPublisher.create());
                    calls.add(call);
                    return call.rows.flux();
                }
            },
            RowProjection.FULL,
            runtime);

    @Test
    void readsThatComeTogetherAreOneRequest() {
        List<Reading> readings = together(3);
        assertThat(calls).singleElement().satisfies(call -> assertThat(call.ids)
                .containsExactlyInAnyOrder(id(0), id(1), id(2)));
        calls.get(0).answer(id(1));
        assertThat(readings.get(1).row).isNotNull();
        assertThat(readings.get(1).ended).isTrue();
        assertThat(readings.get(0).ended).isFalse();
        calls.get(0).rows.complete();
        assertThat(readings).allMatch(reading -> reading.ended && reading.error == null);
        assertThat(readings.get(0).row).as("absent").isNull();
    }

    @Test
    void oneReadAloneIsARead() {
        put(id(0));
        assertThat(read(id(0)).row).isNotNull();
        assertThat(read(id(1)).ended).isTrue();
        assertThat(calls).isEmpty();
        assertThat(traffic.operations()).hasSize(2);
    }

    @Test
    void whatComesMeanwhileGoesWithTheNextRequest() {
        together(2);
        read(id(2));
        read(id(3));
        assertThat(calls).hasSize(1);
        calls.get(0).rows.complete();
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).ids).containsExactlyInAnyOrder(id(2), id(3));
    }

    @Test
    void noRequestHasMoreIdsThanItMayAndFullOnesDoNotWait() {
        maxRows = 3;
        together(7);
        assertThat(calls).hasSize(2).allSatisfy(call -> assertThat(call.ids).hasSize(3));
        calls.get(1).rows.complete();
        assertThat(calls).as("the other one is under way").hasSize(2);
        calls.get(0).rows.complete();
        assertThat(traffic.operations()).as("the last one alone").hasSize(1);
    }

    @Test
    void onlySoManyRequestsAreUnderWay() {
        maxRows = 2;
        together(20);
        assertThat(calls).hasSize(JoinedReads.MOST_REQUESTS);
        runtime.advance(Duration.ofMinutes(1));
        assertThat(calls).hasSize(JoinedReads.MOST_REQUESTS);
        calls.get(2).rows.complete();
        assertThat(calls).hasSize(JoinedReads.MOST_REQUESTS + 1);
    }

    @Test
    void aRequestThatStandsStillHoldsOthersUpForAMomentOnly() {
        together(2);
        read(id(2));
        runtime.advance(JoinedReads.PATIENCE.minusMillis(1));
        read(id(3));
        assertThat(calls).hasSize(1);
        runtime.advance(Duration.ofMillis(1));
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).ids).hasSize(2);
        read(id(4));
        read(id(5));
        runtime.advance(JoinedReads.PATIENCE.minusMillis(1));
        assertThat(calls).as("counted from the last one").hasSize(2);
        runtime.advance(Duration.ofMillis(1));
        assertThat(calls).hasSize(3);
    }

    @Test
    void twoReadersOfOneRowHaveNothingInCommon() {
        List<Reading> readings = new ArrayList<>();
        runtime.timers().schedule(() -> {
            readings.add(read(id(0)));
            readings.add(read(id(0)));
        });
        assertThat(calls.get(0).ids).containsExactly(id(0));
        calls.get(0).answer(id(0));
        ByteBuffer first = payload(readings.get(0));
        first.position(first.limit());
        assertThat(payload(readings.get(1)).remaining()).isPositive();
        assertThat(first.isReadOnly()).isTrue();
    }

    @Test
    void anErrorIsOfAllThatHaveNoAnswer() {
        List<Reading> readings = together(3);
        Reading later = read(id(9));
        calls.get(0).answer(id(0));
        calls.get(0).rows.error(broken);
        assertThat(readings.get(0).row).isNotNull();
        assertThat(readings.get(0).error).isNull();
        assertThat(readings.get(1).error).isSameAs(broken);
        assertThat(readings.get(2).error).isSameAs(broken);
        assertThat(later.ended).as("it goes on with the next one").isTrue();
        assertThat(later.error).isNull();
    }

    @Test
    void whoLeavesLeavesTheRequestToTheOthers() {
        List<Reading> readings = together(3);
        readings.get(0).dispose();
        calls.get(0).rows.assertNotCancelled();
        calls.get(0).answer(id(0));
        calls.get(0).answer(id(1));
        calls.get(0).rows.assertNotCancelled();
        assertThat(readings.get(0).row).isNull();
        assertThat(readings.get(1).row).isNotNull();
        Reading later = read(id(9));
        readings.get(2).dispose();
        calls.get(0).rows.assertCancelled();
        assertThat(later.ended).as("nothing stands in its way").isTrue();
    }

    @Test
    void whoLeavesBeforeTheRequestIsNotInIt() {
        runtime.timers().schedule(() -> {
            Disposable first = read(id(0));
            read(id(1));
            read(id(2));
            first.dispose();
        });
        assertThat(calls).singleElement().satisfies(call -> assertThat(call.ids)
                .containsExactlyInAnyOrder(id(1), id(2)));
        runtime.timers().schedule(() -> read(id(3)).dispose());
        calls.get(0).rows.complete();
        assertThat(calls).hasSize(1);
        assertThat(traffic.operations()).isEmpty();
    }

    @Test
    void anAnswerThatNobodyAskedForIsIgnored() {
        List<Reading> readings = together(2);
        calls.get(0).answer(id(7));
        calls.get(0).rows.complete();
        assertThat(readings).allMatch(reading -> reading.ended && reading.row == null);
    }

    private List<Reading> together(int count) {
        List<Reading> readings = new ArrayList<>();
        runtime.timers().schedule(() -> {
            for (int i = 0; i < count; i++) {
                readings.add(read(id(i)));
            }
        });
        return readings;
    }

    private Reading read(ObjectId id) {
        Reading reading = new Reading();
        joined.read(id).subscribe(reading);
        return reading;
    }

    private void put(ObjectId id) {
        InlineObject object =
                new InlineObject(ObjectMetadata.defaults(), Deadline.NONE, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        rows.putUnlessTombstone(id, runtime.newWriteId(), object).block();
    }

    private static ByteBuffer payload(Reading reading) {
        return Objects.requireNonNull(Objects.requireNonNull(reading.row).payload());
    }

    private static ObjectId id(int i) {
        return ObjectId.of(ObjectContext.of("joined"), "object-" + i);
    }

    /** A request under way, to be answered by hand. */
    private final class Call {
        private final List<ObjectId> ids;
        private final TestPublisher<MultiRowReads.FoundRow> rows;

        Call(List<ObjectId> ids, TestPublisher<MultiRowReads.FoundRow> rows) {
            this.ids = ids;
            this.rows = rows;
        }

        void answer(ObjectId id) {
            put(id);
            Row row = Objects.requireNonNull(
                    JoinedReadsTest.this.rows.read(id, RowProjection.FULL).block());
            rows.next(new MultiRowReads.FoundRow(id, row));
        }
    }

    /** One reader. */
    private static final class Reading extends BaseSubscriber<Row> {
        private @Nullable Row row;
        private @Nullable Throwable error;
        private boolean ended;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Row answer) {
            row = answer;
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            error = failure;
            ended = true;
        }
    }
}
