// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.BLOB;
import static io.terrace.spi.RowSamples.DEADLINE;
import static io.terrace.spi.RowSamples.OBJECT;
import static io.terrace.spi.RowSamples.VERSION;
import static io.terrace.spi.RowSamples.inline;
import static io.terrace.spi.RowSamples.marker;
import static io.terrace.spi.RowSamples.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowHeadTest {

    @Test
    void aRowIsLiveUntilItsDeadlineIsPast() {
        long deadline = DEADLINE.micros();
        for (RowHead row : new RowHead[] {inline(DEADLINE), tombstone(DEADLINE)}) {
            assertThat(row.isLiveAt(deadline)).isTrue();
            assertThat(row.isLiveAt(deadline + 1)).isFalse();
        }
        assertThat(inline(Deadline.NONE).isLiveAt(Long.MAX_VALUE)).isTrue();
        assertThat(tombstone(Deadline.DEAD).isLiveAt(0)).isFalse();
    }

    @Test
    void whatHasNoValueIsNeverLive() {
        assertThat(marker().isLiveAt(0)).isFalse();
        assertThat(RowHead.ABSENT.isLiveAt(0)).isFalse();
        assertThat(RowHead.ABSENT.isAbsent()).isTrue();
        assertThat(RowHead.ABSENT.writeId()).isEqualTo(WriteId.NONE);
        assertThat(marker().isAbsent()).isFalse();
    }

    @Test
    void aHeadIsGivenItsTokenOrAnotherVersion() {
        RowVersion next = RowVersion.of(VERSION.writeId(), 8, "etag");
        RowHead moved = tombstone(DEADLINE).withVersion(next);
        assertThat(moved.version().token()).isEqualTo("etag");
        assertThat(moved.withVersion(VERSION)).isEqualTo(tombstone(DEADLINE));
        Row row = new Row(moved, null);
        assertThat(row.version()).isEqualTo(next);
        assertThat(row.kind()).isEqualTo(RowKind.TOMBSTONE);
    }

    @Test
    void metadataGoWithAValueAndATargetWithATombstone() {
        ObjectMetadata metadata = ObjectMetadata.defaults();
        for (RowKind kind : RowKind.values()) {
            boolean value = kind == RowKind.INLINE || kind == RowKind.TOMBSTONE;
            assertThatThrownBy(
                            () -> new RowHead(kind, VERSION, Deadline.NONE, 0, value ? null : metadata, target(kind)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("metadata goes with a value: " + kind);
            BlobId wrong = target(kind) == null ? BLOB : null;
            assertThatThrownBy(() -> new RowHead(kind, VERSION, Deadline.NONE, 0, value ? metadata : null, wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a target goes with a tombstone: " + kind);
        }
    }

    @Test
    void onlyATombstoneStandsInTheWayOfABlindWrite() {
        assertThat(new BlindOutcome.Tombstoned(tombstone(DEADLINE)).head()).isEqualTo(tombstone(DEADLINE));
        for (RowHead row : new RowHead[] {inline(DEADLINE), marker(), RowHead.ABSENT}) {
            assertThatThrownBy(() -> new BlindOutcome.Tombstoned(row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a blind operation is refused by tombstones only, not by RowHead[");
        }
    }

    @Test
    void foldingCallsTheFunctionOfTheCase() {
        BlindOutcome done = new BlindOutcome.Done(VERSION);
        BlindOutcome tombstoned = new BlindOutcome.Tombstoned(tombstone(DEADLINE));
        assertThat(done.<String>fold(d -> "done", t -> "tombstoned")).isEqualTo("done");
        assertThat(tombstoned.<String>fold(d -> "done", t -> "tombstoned")).isEqualTo("tombstoned");
        CasOutcome applied = new CasOutcome.Applied(VERSION);
        CasOutcome refused = new CasOutcome.Refused(null, true);
        assertThat(applied.<String>fold(a -> "applied", r -> "refused")).isEqualTo("applied");
        assertThat(refused.<String>fold(a -> "applied", r -> "refused")).isEqualTo("refused");
        RowWrite inline = new RowWrite.Inline(
                VERSION.writeId(), new InlineObject(ObjectMetadata.defaults(), DEADLINE, RowSamples.payload()));
        RowWrite tombstone = new RowWrite.Tombstone(VERSION.writeId(), BLOB, ObjectMetadata.defaults(), DEADLINE);
        RowWrite marker = new RowWrite.Marker(VERSION.writeId());
        assertThat(List.of(inline, tombstone, marker))
                .extracting(w -> w.<String>fold(i -> "inline", t -> "tombstone", m -> "marker"))
                .containsExactly("inline", "tombstone", "marker");
    }

    @Test
    void anEntryThatBringsABlobLiesUnderItsUuid() {
        EntryId id = EntryId.of(BLOB);
        assertThat(ChangeEntry.open(id, OBJECT, BLOB, WriteId.NONE, List.of()).state())
                .isEqualTo(ChangeEntry.State.OPEN);
        EntryId other = new EntryId(new java.util.UUID(1, 2));
        assertThatThrownBy(() -> ChangeEntry.open(other, OBJECT, BLOB, WriteId.NONE, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an entry that brings a blob lies under the blob's uuid: ");
    }

    @Test
    void aDeferralKeepsOnlyWhatIsToBeDeleted() {
        EntryId id = EntryId.of(BLOB);
        ChangeEntry deferred = ChangeEntry.deferred(id, List.of(BLOB));
        assertThat(deferred.state()).isEqualTo(ChangeEntry.State.DEFERRED);
        assertThat(deferred.newBlob()).isNull();
        assertThat(deferred.object()).isEqualTo(OBJECT);
        assertThat(ClaimOutcome.of(deferred).kind()).isEqualTo(ClaimOutcome.Kind.DEFERRED);
        assertThatThrownBy(() -> ChangeEntry.deferred(id, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a deferral names at least one blob; remove the entry " + id + " instead");
    }

    @Test
    void aClaimFindsTheEntryOrThatItIsGone() {
        ChangeEntry open = ChangeEntry.open(EntryId.of(BLOB), OBJECT, BLOB, WriteId.NONE, List.of());
        ClaimOutcome claimed = ClaimOutcome.of(open.claimed());
        assertThat(claimed.kind()).isEqualTo(ClaimOutcome.Kind.CLAIMED);
        assertThat(claimed.found()).contains(open.claimed());
        assertThat(ClaimOutcome.GONE.found()).isEmpty();
        assertThat(open.rebased(VERSION.writeId()).base()).isEqualTo(VERSION.writeId());
        assertThatThrownBy(() -> new ClaimOutcome(ClaimOutcome.Kind.GONE, open))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClaimOutcome(ClaimOutcome.Kind.CLAIMED, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static BlobId target(RowKind kind) {
        return kind == RowKind.TOMBSTONE ? BLOB : null;
    }
}
