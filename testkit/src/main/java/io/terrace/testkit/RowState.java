// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowWrite;
import java.util.Arrays;
import java.util.List;

/** Every state that a row can be in, as far as an operation may tell. */
enum RowState {
    ABSENT(RowKind.ABSENT),
    INLINE(RowKind.INLINE),
    INLINE_EXPIRED(RowKind.INLINE),
    INLINE_BUMPED(RowKind.INLINE),
    MARKER(RowKind.MARKER),
    MARKER_OF_NOTHING(RowKind.MARKER),
    TOMBSTONE(RowKind.TOMBSTONE),
    TOMBSTONE_EXPIRED(RowKind.TOMBSTONE),
    TOMBSTONE_DEAD(RowKind.TOMBSTONE);

    /** A row that was brought into a state. */
    record Installed(RowState state, ObjectId id, RowHead head) {}

    private final RowKind kind;

    RowState(RowKind kind) {
        this.kind = kind;
    }

    RowKind kind() {
        return kind;
    }

    /** Brings an absent row into this state and returns its head. */
    RowHead install(Rows rows, ObjectId id) {
        return switch (this) {
            case ABSENT -> RowHead.ABSENT;
            case INLINE -> rows.install(id, Rows.inline("old"));
            case INLINE_EXPIRED ->
                rows.install(id, new RowWrite.Inline(Rows.writeId(), Rows.object("old", Rows.EXPIRED)));
            case INLINE_BUMPED -> rows.bumped(id, rows.install(id, Rows.inline("old")), RowChange.fence(1));
            case MARKER -> rows.install(id, Rows.marker());
            case MARKER_OF_NOTHING -> rows.bumped(id, RowHead.ABSENT, RowChange.fence(Rows.WHEN_ABSENT));
            case TOMBSTONE -> rows.install(id, Rows.tombstone(id));
            case TOMBSTONE_EXPIRED -> rows.install(id, Rows.tombstone(id, Rows.EXPIRED));
            case TOMBSTONE_DEAD -> rows.install(id, Rows.tombstone(id, Deadline.DEAD));
        };
    }

    /** A fresh row in each of these states. */
    static List<Installed> installEach(Rows rows, List<RowState> states) {
        return states.stream()
                .map(state -> {
                    ObjectId id = rows.fresh();
                    return new Installed(state, id, state.install(rows, id));
                })
                .toList();
    }

    static List<RowState> of(RowKind kind) {
        return Arrays.stream(values()).filter(state -> state.kind == kind).toList();
    }

    /** All but {@link #ABSENT}. */
    static List<RowState> present() {
        return Arrays.stream(values()).filter(state -> state != ABSENT).toList();
    }
}
