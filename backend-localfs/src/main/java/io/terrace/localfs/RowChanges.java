// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each operation makes of the row that it finds; nothing here touches a file. */
final class RowChanges {

    private final long retentionMicros;

    RowChanges(Duration retention) {
        this.retentionMicros = retention.toMillis() * 1000;
    }

    /**
     * What is to happen.
     *
     * @param outcome the answer, once it has happened
     * @param content the new content of the file; {@code null} to leave the row as it is
     */
    record Decision<T>(T outcome, @Nullable List<ByteBuffer> content) {
        static <T> Decision<T> leave(T outcome) {
            return new Decision<>(outcome, null);
        }
    }

    /** A blind put. (HV-3) */
    static Decision<BlindOutcome> put(RowHead current, RowHead next, List<ByteBuffer> content) {
        return current.kind() == RowKind.TOMBSTONE
                ? Decision.leave(new BlindOutcome.Tombstoned(current))
                : new Decision<>(new BlindOutcome.Done(next.version()), content);
    }

    /** A blind delete. (HV-4) */
    Decision<BlindOutcome> delete(ObjectId id, RowHead current, WriteId writeId, long now) {
        return switch (current.kind()) {
            case TOMBSTONE -> Decision.leave(new BlindOutcome.Tombstoned(current));
            case ABSENT, MARKER -> Decision.leave(new BlindOutcome.Done(current.version()));
            case INLINE -> {
                RowHead marker = marker(RowVersion.of(writeId, 0), now);
                yield new Decision<>(new BlindOutcome.Done(marker.version()), encode(id, marker, null));
            }
        };
    }

    /** A compare-and-set. (HV-5) */
    Decision<CasOutcome> compareAndSet(
            ObjectId id, RowHead current, RowVersion expected, RowHead next, @Nullable ByteBuffer payload) {
        return current.version().equals(expected)
                ? new Decision<>(new CasOutcome.Applied(next.version()), encode(id, next, payload))
                : Decision.leave(new CasOutcome.Refused(current, false));
    }

    /** A bump: the payload and its seal stay as they are. (HV-6) */
    Decision<CasOutcome> bump(ObjectId id, @Nullable RowFile current, RowVersion expected, RowChange change, long now) {
        RowHead found = headOf(current);
        if (!found.version().equals(expected) || change.isTooLateFor(found, now)) {
            return Decision.leave(new CasOutcome.Refused(found, false));
        }
        RowHead next = change.applyTo(found, now);
        CasOutcome applied = new CasOutcome.Applied(next.version());
        if (current == null) {
            return new Decision<>(applied, encode(id, next, null));
        }
        ByteBuffer payload = next.kind() == RowKind.INLINE ? current.payload() : null;
        return new Decision<>(applied, RowFile.encode(current.frame().withHead(next, retentionMicros), payload));
    }

    /** The head that a value write makes. */
    static RowHead headOf(RowWrite write, long now) {
        RowVersion version = RowVersion.of(write.writeId(), 0);
        return write.fold(
                inline -> inline(version, inline.object(), now),
                tombstone -> new RowHead(
                        RowKind.TOMBSTONE,
                        version,
                        tombstone.deadline(),
                        now,
                        tombstone.metadata(),
                        tombstone.target()),
                unused -> marker(version, now));
    }

    static RowHead inline(RowVersion version, InlineObject object, long now) {
        return new RowHead(RowKind.INLINE, version, object.deadline(), now, object.metadata(), null);
    }

    private static RowHead marker(RowVersion version, long now) {
        return new RowHead(RowKind.MARKER, version, Deadline.NONE, now, null, null);
    }

    static RowHead headOf(@Nullable RowFile row) {
        return row == null ? RowHead.ABSENT : row.head();
    }

    /** Whether a row may go. By the longer of the retention it was written with and today's. (HV-1.3) */
    boolean isCollectable(RowFrame frame, long now) {
        return Math.max(frame.collectAtMicros(), RowFrame.collectAt(frame.head(), retentionMicros)) < now;
    }

    List<ByteBuffer> encode(ObjectId id, RowHead head, @Nullable ByteBuffer payload) {
        return RowFile.encode(RowFrame.of(head, id, payload, retentionMicros), payload);
    }
}
