// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** HV-2: reading a row. */
abstract class RowReadRules {

    private final HighVolumeConformanceTest kit;
    private final Rows rows;

    RowReadRules(HighVolumeConformanceTest kit) {
        this.kit = kit;
        this.rows = kit.rows();
    }

    @Rule("HV-2.1")
    void anAbsentRowIsAnEmptyAnswer() {
        ObjectId id = rows.fresh();

        for (RowProjection projection : RowProjection.values()) {
            assertThat(Await.optional(rows.backend().read(id, projection))).isEmpty();
        }
    }

    @Rule("HV-2.2")
    void aRowComesBackAsItWasWritten() {
        Deadline deadline = Deadline.at(runtimeNow().plusSeconds(3600));
        ObjectId small = rows.fresh();
        RowWrite.Inline inline = new RowWrite.Inline(Rows.writeId(), Rows.object("small", deadline));
        Rows.assertHead(
                rows.install(small, inline),
                RowKind.INLINE,
                RowVersion.of(inline.writeId(), 0),
                deadline,
                Samples.metadata("small"),
                null);
        ObjectId large = rows.fresh();
        RowWrite.Tombstone tombstone = Rows.tombstone(large, deadline);
        Rows.assertHead(
                rows.install(large, tombstone),
                RowKind.TOMBSTONE,
                RowVersion.of(tombstone.writeId(), 0),
                deadline,
                Samples.metadata("large"),
                tombstone.target());
        ObjectId deleted = rows.fresh();
        RowWrite.Marker marker = Rows.marker();
        Rows.assertHead(
                rows.install(deleted, marker),
                RowKind.MARKER,
                RowVersion.of(marker.writeId(), 0),
                Deadline.NONE,
                null,
                null);
    }

    @Rule("HV-2.3")
    void bothProjectionsHaveTheSameHeadAndOnlyFullHasThePayload() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            state.install(rows, id);
            Row head = Await.value(rows.backend().read(id, RowProjection.HEAD));
            Row full = rows.full(id);

            assertThat(full.head()).as("%s", state).isEqualTo(head.head());
            assertThat(head.payload()).as("%s", state).isNull();
            // An expired row's payload may have been dropped already.
            if (state.kind() == RowKind.INLINE && state != RowState.INLINE_EXPIRED) {
                assertThat(Rows.text(full)).as("%s", state).isEqualTo("old");
            } else if (state.kind() != RowKind.INLINE) {
                assertThat(full.payload()).as("%s", state).isNull();
            }
        }
    }

    @Rule("HV-2.4")
    void aRowKnowsWhenItWasLastWritten() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            long earliest = kit.runtime().nowMicros();
            RowHead head = state.install(rows, id);

            assertThat(head.lastWriteMicros())
                    .as("%s, by the clock of the environment's runtime(): does the backend read that runtime?", state)
                    .isBetween(earliest, kit.runtime().nowMicros());
        }
    }

    @Rule(value = "HV-2.5", requirement = Requirement.STOCHASTIC)
    void aReadNeverMixesTwoWrites() {
        ObjectId id = rows.fresh();

        Beside.of(2, i -> putTagged(rows, id, i), () -> {
            for (RowProjection projection : RowProjection.values()) {
                Await.optional(rows.backend().read(id, projection)).ifPresent(RowReadRules::assertOneWrite);
            }
        });
    }

    @Rule("HV-2.6")
    void whatAReaderDoesWithThePayloadDoesNotReachTheStore() {
        ObjectId id = rows.fresh();
        rows.install(id, Rows.inline("payload"));
        ByteBuffer mine = Objects.requireNonNull(rows.full(id).payload());
        if (!mine.isReadOnly()) {
            mine.duplicate().put(new byte[mine.remaining()]);
        }
        mine.position(mine.limit());

        assertThat(Rows.text(rows.full(id))).isEqualTo("payload");
    }

    @Rule("HV-2.7")
    void aVersionThatWasReadIsAsGoodWithoutItsToken() {
        List<RowState> untokened = new ArrayList<>();
        for (RowState state : RowState.values()) {
            ObjectId id = rows.fresh();
            RowVersion read = state.install(rows, id).version();
            if (Rows.isApplied(rows.cas(id, RowVersion.of(read.writeId(), read.bump()), Rows.inline("new")))) {
                untokened.add(state);
            }
        }

        assertThat(untokened).containsExactly(RowState.values());
    }

    private Instant runtimeNow() {
        return kit.runtime().now();
    }

    /** A write whose every part says the same number. */
    static void putTagged(Rows rows, ObjectId id, int number) {
        ByteBuffer payload = ByteBuffer.allocate(16 * 1024);
        while (payload.hasRemaining()) {
            payload.putInt(number);
        }
        rows.put(
                id,
                new WriteId(number + 1, Rows.writeId().low()),
                new InlineObject(Samples.metadata("" + number), deadlineOf(number), payload.flip()));
    }

    private static Deadline deadlineOf(int number) {
        return new Deadline(number * 1_000_000L);
    }

    static void assertOneWrite(Row row) {
        int number = (int) row.version().writeId().high() - 1;
        assertThat(row.head().deadline()).isEqualTo(deadlineOf(number));
        assertThat(row.head().metadata()).isEqualTo(Samples.metadata("" + number));
        ByteBuffer payload = row.payload();
        while (payload != null && payload.hasRemaining()) {
            assertThat(payload.getInt()).isEqualTo(number);
        }
    }
}
