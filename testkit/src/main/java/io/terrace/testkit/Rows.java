// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A row store under test, with its calls awaited. */
final class Rows {

    /** A deadline that is past for every clock of today. */
    static final Deadline EXPIRED = new Deadline(1_000_000);

    /** The bump counter at which the marker of an absent row begins in these tests. */
    static final long WHEN_ABSENT = 0x1234_5678_9ABCL;

    private static final TerraceRuntime IDS = TerraceRuntime.system();

    private final Supplier<? extends HighVolumeBackend> backend;
    private final AtomicInteger issued = new AtomicInteger();

    Rows(Supplier<? extends HighVolumeBackend> backend) {
        this.backend = backend;
    }

    HighVolumeBackend backend() {
        return backend.get();
    }

    /** An object that no other call has named. */
    ObjectId fresh() {
        return Samples.object("row-" + issued.incrementAndGet());
    }

    static WriteId writeId() {
        return IDS.newWriteId();
    }

    static BlobId blobOf(ObjectId id) {
        return new BlobId(id, IDS.newUuid());
    }

    static InlineObject object(String text) {
        return object(text, Deadline.NONE);
    }

    static InlineObject object(String text, Deadline deadline) {
        return new InlineObject(
                Samples.metadata(text), deadline, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static RowWrite.Inline inline(String text) {
        return new RowWrite.Inline(writeId(), object(text));
    }

    static RowWrite.Tombstone tombstone(ObjectId id) {
        return tombstone(id, Deadline.NONE);
    }

    static RowWrite.Tombstone tombstone(ObjectId id, Deadline deadline) {
        return new RowWrite.Tombstone(writeId(), blobOf(id), Samples.metadata("large"), deadline);
    }

    static RowWrite.Marker marker() {
        return new RowWrite.Marker(writeId());
    }

    Row full(ObjectId id) {
        return Await.value(backend().read(id, RowProjection.FULL));
    }

    /** The head of a row, {@link RowHead#ABSENT} if there is none. */
    RowHead head(ObjectId id) {
        return Await.optional(backend().read(id, RowProjection.HEAD))
                .map(Row::head)
                .orElse(RowHead.ABSENT);
    }

    BlindOutcome put(ObjectId id, WriteId writeId, InlineObject object) {
        return Await.value(backend().putUnlessTombstone(id, writeId, object));
    }

    BlindOutcome delete(ObjectId id, WriteId writeId) {
        return Await.value(backend().deleteUnlessTombstone(id, writeId));
    }

    CasOutcome cas(ObjectId id, RowVersion expected, RowWrite write) {
        return Await.value(backend().compareAndSet(id, expected, write));
    }

    CasOutcome bump(ObjectId id, RowHead expected, RowChange change) {
        return Await.value(backend().bump(id, expected, change));
    }

    /** Writes into an absent row and returns what is there then. */
    RowHead install(ObjectId id, RowWrite write) {
        applied(cas(id, RowVersion.ABSENT, write));
        return head(id);
    }

    /** Bumps a row and returns what is there then. */
    RowHead bumped(ObjectId id, RowHead expected, RowChange change) {
        applied(bump(id, expected, change));
        return head(id);
    }

    static RowVersion applied(CasOutcome outcome) {
        assertThat(outcome).isInstanceOf(CasOutcome.Applied.class);
        return ((CasOutcome.Applied) outcome).version();
    }

    static boolean isApplied(CasOutcome outcome) {
        return outcome.fold(applied -> true, refused -> false);
    }

    static CasOutcome.Refused refused(CasOutcome outcome) {
        assertThat(outcome).isInstanceOf(CasOutcome.Refused.class);
        return (CasOutcome.Refused) outcome;
    }

    static RowVersion done(BlindOutcome outcome) {
        assertThat(outcome).isInstanceOf(BlindOutcome.Done.class);
        return ((BlindOutcome.Done) outcome).version();
    }

    static RowHead tombstoned(BlindOutcome outcome) {
        assertThat(outcome).isInstanceOf(BlindOutcome.Tombstoned.class);
        return ((BlindOutcome.Tombstoned) outcome).head();
    }

    static String text(Row row) {
        ByteBuffer payload = row.payload();
        return payload == null
                ? ""
                : StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    /** Checks a head field by field, the time of the last write aside. */
    static void assertHead(
            RowHead head,
            RowKind kind,
            RowVersion version,
            Deadline deadline,
            @Nullable ObjectMetadata metadata,
            @Nullable BlobId target) {
        assertThat(new RowHead(head.kind(), head.version(), head.deadline(), 0, head.metadata(), head.target()))
                .isEqualTo(new RowHead(kind, version, deadline, 0, metadata, target));
    }
}
