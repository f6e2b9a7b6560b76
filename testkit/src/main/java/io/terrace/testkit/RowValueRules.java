// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** HV-1, continued: names, versions, payloads and metadata are kept exactly, whatever they contain. */
abstract class RowValueRules {

    private static final int MIB = 1 << 20;

    private final Rows rows;

    RowValueRules(HighVolumeConformanceTest kit) {
        this.rows = kit.rows();
    }

    @Rule("HV-1.10")
    void everyObjectIdNamesARowOfItsOwn() {
        Map<ObjectId, WriteId> written = new LinkedHashMap<>();
        for (ObjectId id : Samples.objects()) {
            assertThat(rows.head(id).isAbsent()).as("%s", id).isTrue();
            written.put(id, rows.install(id, Rows.inline(id.key())).writeId());
        }

        written.forEach((id, writeId) -> {
            Row row = rows.full(id);
            assertThat(row.version().writeId()).as("%s", id).isEqualTo(writeId);
            assertThat(Rows.text(row)).isEqualTo(id.key());
        });
    }

    @Rule("HV-1.11")
    void writeIdsAreComparedInAllTheirBytes() {
        for (WriteId writeId : awkwardWriteIds()) {
            ObjectId id = rows.fresh();
            RowHead head = rows.install(id, new RowWrite.Inline(writeId, Rows.object("v")));
            assertThat(head.version()).isEqualTo(RowVersion.of(writeId, 0));

            for (int bit = 0; bit < 64; bit += 7) {
                long flip = 1L << bit;
                refuses(id, new WriteId(writeId.high() ^ flip, writeId.low()));
                refuses(id, new WriteId(writeId.high(), writeId.low() ^ flip));
            }
            refuses(id, new WriteId(writeId.low(), ~writeId.high()));
            Rows.applied(rows.cas(id, RowVersion.of(writeId, 0), Rows.marker()));
        }
    }

    @Rule("HV-1.12")
    void payloadsOfEverySizeComeBackUnchanged() {
        for (int size : List.of(0, 1, 2, 255, 4096, 65_535, MIB - 1, MIB, MIB + 1)) {
            for (boolean blind : List.of(true, false)) {
                ObjectId id = rows.fresh();
                write(id, new InlineObject(Samples.metadata("v"), Deadline.NONE, Bytes.of(size)), blind);

                assertThat(Objects.requireNonNull(rows.full(id).payload()).duplicate())
                        .as("%s bytes", size)
                        .isEqualTo(Bytes.of(size));
            }
        }
    }

    @Rule("HV-1.13")
    void thePayloadIsTakenFromPositionToLimitAndIsTheCallersAgainAfterwards() {
        for (boolean blind : List.of(true, false)) {
            for (ByteBuffer whole : List.of(ByteBuffer.allocate(64), ByteBuffer.allocateDirect(64))) {
                ObjectId id = rows.fresh();
                whole.put(Bytes.of(64)).position(8).limit(40);
                ByteBuffer expected = Bytes.copy(whole);
                write(id, new InlineObject(Samples.metadata("v"), Deadline.NONE, whole), blind);

                assertThat(whole.position()).isEqualTo(8);
                assertThat(whole.limit()).isEqualTo(40);
                whole.clear().put(new byte[64]);
                assertThat(rows.full(id).payload()).isEqualTo(expected);
            }
            ObjectId id = rows.fresh();
            write(
                    id,
                    new InlineObject(
                            Samples.metadata("v"), Deadline.NONE, Bytes.of(9).asReadOnlyBuffer()),
                    blind);
            assertThat(rows.full(id).payload()).isEqualTo(Bytes.of(9));
        }
    }

    @Rule("HV-1.14")
    void metadataComesBackComplete() {
        for (ObjectMetadata metadata :
                List.of(ObjectMetadata.defaults(), Samples.metadata("tag"), Samples.largeMetadata())) {
            ObjectId blind = rows.fresh();
            rows.put(blind, Rows.writeId(), new InlineObject(metadata, Deadline.NONE, Bytes.of(3)));
            ObjectId inline = rows.fresh();
            rows.install(
                    inline,
                    new RowWrite.Inline(Rows.writeId(), new InlineObject(metadata, Deadline.NONE, Bytes.of(3))));
            ObjectId large = rows.fresh();
            rows.install(large, new RowWrite.Tombstone(Rows.writeId(), Rows.blobOf(large), metadata, Deadline.NONE));

            for (ObjectId id : List.of(blind, inline, large)) {
                assertThat(rows.head(id).metadata()).isEqualTo(metadata);
                assertThat(rows.full(id).head().metadata()).isEqualTo(metadata);
            }
        }
        ObjectId longest = Samples.longest();
        RowWrite largest =
                new RowWrite.Tombstone(Rows.writeId(), Rows.blobOf(longest), Samples.largeMetadata(), Deadline.NONE);
        assertThat(rows.install(longest, largest).metadata()).isEqualTo(Samples.largeMetadata());
    }

    @Rule("HV-1.15")
    void deadlinesAndTargetsComeBackExactly() {
        for (long micros :
                new long[] {Long.MIN_VALUE, -1, 0, 1, 1_767_225_600_123_456L, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
            ObjectId id = rows.fresh();
            RowWrite.Tombstone write = Rows.tombstone(id, new Deadline(micros));
            RowHead head = rows.install(id, write);
            assertThat(head.deadline().micros()).isEqualTo(micros);
            assertThat(head.target()).isEqualTo(write.target());
        }
        for (ObjectId id : Samples.objects()) {
            BlobId target = Rows.blobOf(id);
            RowHead head = rows.install(
                    id, new RowWrite.Tombstone(Rows.writeId(), target, Samples.metadata("v"), Deadline.NONE));
            assertThat(head.target()).isEqualTo(target);
        }
    }

    private void write(ObjectId id, InlineObject object, boolean blind) {
        if (blind) {
            Rows.done(rows.put(id, Rows.writeId(), object));
        } else {
            Rows.applied(rows.cas(id, RowVersion.ABSENT, new RowWrite.Inline(Rows.writeId(), object)));
        }
    }

    private void refuses(ObjectId id, WriteId other) {
        Rows.refused(rows.cas(id, RowVersion.of(other, 0), Rows.inline("never")));
        assertThat(Rows.text(rows.full(id))).isEqualTo("v");
    }

    /** Bytes that end texts, are signs, or mean something in patterns. */
    private static List<WriteId> awkwardWriteIds() {
        return List.of(
                new WriteId(0, 1),
                new WriteId(1, 0),
                new WriteId(-1, -1),
                new WriteId(0, -1),
                new WriteId(Long.MIN_VALUE, Long.MIN_VALUE),
                new WriteId(0x0A0D_0A0D_0A0D_0A0DL, 0x0A00_0A00_0A00_0A00L),
                new WriteId(0x2E2A_2B3F_5E24_7C28L, 0x295B_5D7B_7D5C_2E2AL),
                new WriteId(0x5C51_5C45_5C5C_2E2AL, 0x2722_603B_2D2D_2520L));
    }
}
