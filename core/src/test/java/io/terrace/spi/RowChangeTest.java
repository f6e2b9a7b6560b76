// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.BLOB;
import static io.terrace.spi.RowSamples.DEADLINE;
import static io.terrace.spi.RowSamples.VERSION;
import static io.terrace.spi.RowSamples.WRITE;
import static io.terrace.spi.RowSamples.inline;
import static io.terrace.spi.RowSamples.marker;
import static io.terrace.spi.RowSamples.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectMetadata;
import org.junit.jupiter.api.Test;

class RowChangeTest {
    private static final long NOW = 1_650_000_000_000_000L;
    private static final RowVersion NEXT = RowVersion.of(WRITE, 8);

    @Test
    void aFenceChangesTheVersionAndTheTimeOfTheLastWriteOnly() {
        for (RowHead row : new RowHead[] {inline(DEADLINE), tombstone(Deadline.DEAD), marker()}) {
            assertThat(RowChange.fence(99).applyTo(row, NOW))
                    .isEqualTo(new RowHead(row.kind(), NEXT, row.deadline(), NOW, row.metadata(), row.target()));
        }
    }

    @Test
    void aFenceOfAnAbsentRowLeavesAMarkerThatBelongsToNoWrite() {
        assertThat(RowChange.fence(99).applyTo(RowHead.ABSENT, NOW))
                .isEqualTo(
                        new RowHead(RowKind.MARKER, RowVersion.of(WriteId.NONE, 99), Deadline.NONE, NOW, null, null));
    }

    @Test
    void anUpdateOfTheDeadlineKeepsTheRest() {
        RowHead row = tombstone(DEADLINE);
        assertThat(RowChange.deadline(Deadline.DEAD).applyTo(row, NOW))
                .isEqualTo(new RowHead(RowKind.TOMBSTONE, NEXT, Deadline.DEAD, NOW, row.metadata(), BLOB));
    }

    @Test
    void anUpdateOfTheMetadataKeepsTheValue() {
        ObjectMetadata metadata = ObjectMetadata.of("text/plain");
        assertThat(RowChange.metadata(metadata, Deadline.NONE).applyTo(tombstone(DEADLINE), NOW))
                .isEqualTo(new RowHead(RowKind.TOMBSTONE, NEXT, Deadline.NONE, NOW, metadata, BLOB));
        assertThat(new RowChange(RowChange.Kind.UPDATE, 1, null, metadata).applyTo(inline(DEADLINE), NOW))
                .isEqualTo(new RowHead(RowKind.INLINE, NEXT, DEADLINE, NOW, metadata, null));
    }

    @Test
    void aDeadTombstoneIsRetiredToAMarkerOfTheSameWrite() {
        assertThat(RowChange.retire().applyTo(tombstone(Deadline.DEAD), NOW))
                .isEqualTo(new RowHead(RowKind.MARKER, NEXT, Deadline.NONE, NOW, null, null));
    }

    @Test
    void nothingElseIsRetired() {
        for (RowHead row : new RowHead[] {
            tombstone(DEADLINE), tombstone(new Deadline(0)), inline(Deadline.DEAD), marker(), RowHead.ABSENT
        }) {
            assertThatThrownBy(() -> RowChange.retire().applyTo(row, NOW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("only a dead tombstone can be retired, not RowHead[");
        }
    }

    @Test
    void whatHasNoValueIsNotUpdated() {
        assertThatThrownBy(() -> RowChange.deadline(DEADLINE).applyTo(marker(), NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a marker has nothing to update");
        assertThatThrownBy(() -> RowChange.deadline(DEADLINE).applyTo(RowHead.ABSENT, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an absent row has nothing to update");
    }

    @Test
    void aChangeSaysWhatItsKindMayChange() {
        assertThatThrownBy(() -> new RowChange(RowChange.Kind.FENCE, 1, DEADLINE, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FENCE changes neither deadline nor metadata");
        assertThatThrownBy(() -> new RowChange(RowChange.Kind.RETIRE, 1, null, ObjectMetadata.defaults()))
                .hasMessage("RETIRE changes neither deadline nor metadata");
        assertThatThrownBy(() -> new RowChange(RowChange.Kind.UPDATE, 1, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an update changes the deadline or the metadata; use a fence to change nothing");
        assertThatThrownBy(() -> RowChange.fence(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a bump of an absent row must not produce the version of an absent row");
    }

    @Test
    void noChangeMakesTheVersionThatItBeganWith() {
        for (RowHead row : new RowHead[] {inline(DEADLINE), marker(), tombstone(Deadline.DEAD), RowHead.ABSENT}) {
            assertThat(RowChange.fence(99).applyTo(row, NOW).version()).isNotEqualTo(row.version());
        }
        assertThat(RowChange.deadline(DEADLINE).applyTo(inline(DEADLINE), NOW).version())
                .isNotEqualTo(VERSION);
    }
}
