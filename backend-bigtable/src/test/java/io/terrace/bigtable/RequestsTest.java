// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Deadline;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What each call costs, as the documentation of this backend says it. */
class RequestsTest {

    private static final String READ = "ReadRows";
    private static final String WRITE = "CheckAndMutateRow";
    private static final int LARGE = 500_000;

    private final Sample sample = new Sample();
    private final BigtableRows rows = sample.rows();
    private final ObjectId id = Sample.id("counted");

    @AfterEach
    void close() {
        sample.close();
    }

    @Test
    void aReadIsOneRequestAndOfAHeadMovesNoPayload() {
        sample.cas(id, RowVersion.ABSENT, Sample.inline(LARGE));

        assertThat(during(() -> sample.read(id, RowProjection.FULL))).containsExactly(READ);
        sample.wire().requests();
        sample.read(id, RowProjection.HEAD);
        assertThat(sample.wire().answerBytes()).isLessThan(1000);
        assertThat(sample.wire().requests()).containsExactly(READ);
        assertThat(during(() -> sample.read(Sample.id("absent"), RowProjection.FULL)))
                .containsExactly(READ);
    }

    @Test
    void aBlindWriteIsOneRequestAndOneMoreIfATombstoneIsInTheWay() {
        assertThat(during(() -> sample.put(id, 10))).containsExactly(WRITE);
        assertThat(during(() -> sample.put(id, 10))).containsExactly(WRITE);
        assertThat(during(() -> sample.delete(id))).containsExactly(WRITE);
        assertThat(during(() -> sample.delete(Sample.id("absent")))).containsExactly(WRITE);
        sample.cas(id, sample.head(id).version(), Sample.tombstone(id));

        assertThat(during(() -> sample.put(id, 10))).containsExactly(WRITE, READ);
        assertThat(during(() -> sample.delete(id))).containsExactly(WRITE, READ);
    }

    @Test
    void aCompareAndSetIsOneRequestWithAndWithoutToken() {
        assertThat(during(() -> sample.cas(id, RowVersion.ABSENT, Sample.inline(10))))
                .containsExactly(WRITE);
        RowVersion version = sample.head(id).version();
        assertThat(during(() -> sample.cas(id, RowVersion.ABSENT, Sample.inline(10))))
                .containsExactly(WRITE);
        RowVersion untokened = RowVersion.of(version.writeId(), version.bump());
        assertThat(during(() -> sample.cas(id, untokened, Sample.inline(10)))).containsExactly(WRITE);
        assertThat(during(() -> sample.cas(id, version, Sample.inline(10)))).containsExactly(WRITE);
    }

    @Test
    void aBumpIsOneRequestWithoutThePayloadAndTheNextOneToo() {
        RowChange fence = RowChange.fence(1);
        assertThat(during(() -> sample.bump(Sample.id("absent"), RowHead.ABSENT, fence)))
                .containsExactly(WRITE);
        sample.cas(id, RowVersion.ABSENT, Sample.inline(LARGE));
        RowHead head = sample.head(id);

        sample.wire().requests();
        RowVersion bumped = applied(sample.bump(id, head, fence));
        RowHead derived = fence.applyTo(head, head.lastWriteMicros()).withVersion(bumped);
        sample.bump(id, derived, fence);
        assertThat(sample.wire().answerBytes()).isLessThan(1000);
        assertThat(sample.wire().requests()).containsExactly(WRITE, WRITE);
    }

    @Test
    void aBumpWithoutTokenAndOneThatMovesThePayloadReadBefore() {
        sample.cas(id, RowVersion.ABSENT, Sample.inline(10));
        RowHead head = sample.head(id);
        RowHead untokened =
                head.withVersion(RowVersion.of(head.writeId(), head.version().bump()));
        assertThat(during(() -> sample.bump(id, untokened, RowChange.fence(1)))).containsExactly(READ, WRITE);
        RowHead read = sample.head(id);
        RowChange expiring = RowChange.deadline(sample.inDays(10));

        assertThat(during(() -> sample.bump(id, read, expiring))).containsExactly(READ, WRITE);
        assertThat(sample.text(id)).hasSize(10);
    }

    /** A deadline that slides with each read would otherwise move the payload each time. */
    @Test
    void aTouchWithinFourIdleTimesMovesNoPayload() {
        ObjectMetadata idle = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(10)))
                .build();
        InlineObject object = new InlineObject(idle, sample.inDays(10), ByteBuffer.allocate(5));
        sample.cas(id, RowVersion.ABSENT, new RowWrite.Inline(sample.writeId(), object));
        for (int days : new int[] {20, 30, 49}) {
            RowHead head = sample.head(id);
            assertThat(during(() -> sample.bump(id, head, RowChange.touch(idle, sample.inDays(days)))))
                    .as("%s days", days)
                    .containsExactly(WRITE);
        }
        RowHead head = sample.head(id);
        assertThat(during(() -> sample.bump(id, head, RowChange.touch(idle, sample.inDays(51)))))
                .containsExactly(READ, WRITE);
        assertThat(sample.text(id)).hasSize(5);
    }

    @Test
    void manyRowsAreOneRequest() {
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < rows.maxRows(); i++) {
            ids.add(Sample.id("many-" + i));
            sample.put(ids.get(i), 10);
        }

        assertThat(during(() -> assertThat(rows.readAll(ids, RowProjection.FULL)
                                .collectList()
                                .block())
                        .hasSize(100)))
                .containsExactly(READ);
        assertThat(during(() -> assertThat(rows.readAll(List.of(), RowProjection.FULL)
                                .collectList()
                                .block())
                        .isEmpty()))
                .isEmpty();
    }

    @Test
    void aListingIsOneRequestForFiveHundredRows() {
        Flux.range(0, 1001)
                .flatMap(i -> rows.putUnlessTombstone(Sample.id("row-" + i), sample.writeId(), Sample.object(1)), 32)
                .blockLast();

        assertThat(during(() -> assertThat(rows.scan("", "").count().block()).isEqualTo(1001)))
                .containsExactly(READ, READ, READ);
        assertThat(during(() ->
                        assertThat(rows.scan("", "").take(500).count().block()).isEqualTo(500)))
                .containsExactly(READ);
    }

    @Test
    void aCheckIsOneRequest() {
        assertThat(during(() -> assertThat(
                                Objects.requireNonNull(rows.check().block()).healthy())
                        .isTrue()))
                .containsExactly(READ);
    }

    /** Each request has one, so none waits for ever. (H20) */
    @Test
    void everyRequestHasADeadline() {
        sample.put(id, 10);
        sample.read(id, RowProjection.FULL);
        rows.scan("", "").blockLast();
        rows.check().block();

        assertThat(sample.wire().deadlines()).hasSizeGreaterThanOrEqualTo(5).doesNotContainNull();
        Deadline ofTheRead = Objects.requireNonNull(sample.wire().deadlines().get(2));
        assertThat(ofTheRead.timeRemaining(TimeUnit.SECONDS)).isLessThanOrEqualTo(10);
    }

    /** Otherwise a loop hangs each call below the one before, and the chain never ends. */
    @Test
    void aCallInTheAnswerOfAnotherIsNotBelowIt() {
        sample.put(id, 10);
        Context.current().withValue(Wire.OUTER, "outer").run(() -> rows.read(id, RowProjection.HEAD)
                .flatMap(row -> rows.read(id, RowProjection.FULL))
                .flatMapMany(row -> rows.scan("", ""))
                .concatMap(row -> rows.deleteUnlessTombstone(id, sample.writeId()))
                .blockLast());

        assertThat(sample.wire().fromRoot()).hasSizeGreaterThanOrEqualTo(5).containsOnly(true);
    }

    private List<String> during(Runnable call) {
        sample.wire().requests();
        call.run();
        return sample.wire().requests();
    }

    private static RowVersion applied(CasOutcome outcome) {
        return ((CasOutcome.Applied) outcome).version();
    }
}
