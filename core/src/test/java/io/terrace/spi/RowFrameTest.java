// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.BLOB;
import static io.terrace.spi.RowSamples.DEADLINE;
import static io.terrace.spi.RowSamples.OBJECT;
import static io.terrace.spi.RowSamples.RETENTION;
import static io.terrace.spi.RowSamples.VERSION;
import static io.terrace.spi.RowSamples.WRITE;
import static io.terrace.spi.RowSamples.WRITTEN;
import static io.terrace.spi.RowSamples.inline;
import static io.terrace.spi.RowSamples.marker;
import static io.terrace.spi.RowSamples.payload;
import static io.terrace.spi.RowSamples.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.MetadataSamples;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Seeded;
import io.terrace.TooLargeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowFrameTest {

    @Test
    void theStoredFormIsFixed() {
        // Written out, so that a change of it is noticed: stores hold rows in this form.
        assertThat(hex(RowFrame.of(marker(), null, null, RETENTION).encode()))
                .isEqualTo(
                        "4d" // M
                                + "0102030405060708090a0b0c0d0e0f10" // write id
                                + "0000000000000007" // bump
                                + "01" // format
                                + "00" // flags
                                + "7fffffffffffffff" // no deadline
                                + "0005af3107a40000" // last write
                                + "0005af31de37a400" // collectable one hour later
                                + "00000000" + "00000000" // no payload
                                + "0000" + "00000000" // neither target nor metadata
                                + "09197b75");
    }

    @Test
    void theFirst25BytesAreTheKindAndTheVersion() {
        ByteBuffer frame =
                RowFrame.of(inline(DEADLINE), OBJECT, payload(), RETENTION).encode();
        assertThat((char) frame.get(0)).isEqualTo('I');
        assertThat(frame.getLong(1)).isEqualTo(WRITE.high());
        assertThat(frame.getLong(9)).isEqualTo(WRITE.low());
        assertThat(frame.getLong(17)).isEqualTo(7);
        assertThat(RowFrame.VERSION_BYTES).isEqualTo(25);
        // Nothing else is in the prefix: another row at the same version has the same one.
        RowHead other = new RowHead(RowKind.INLINE, VERSION, Deadline.NONE, 1, MetadataSamples.full(), null);
        ByteBuffer otherFrame = RowFrame.of(other, null, null, 0).encode();
        assertThat(otherFrame.slice(0, 25)).isEqualTo(frame.slice(0, 25));
    }

    @Test
    void theChecksumIsCrc32c() {
        assertThat(RowFrame.crcOf(payload())).isEqualTo(0xE3069283);
        ByteBuffer partly = payload();
        partly.position(3);
        assertThat(RowFrame.crcOf(partly)).isEqualTo(RowFrame.crcOf(partly.slice()));
        assertThat(partly.position()).isEqualTo(3);
    }

    @Test
    void everyKindIsReadBack() {
        for (RowHead head : new RowHead[] {
            inline(DEADLINE), inline(Deadline.NONE), tombstone(DEADLINE), tombstone(Deadline.DEAD), marker()
        }) {
            ByteBuffer payload = head.kind() == RowKind.INLINE ? payload() : null;
            for (ObjectId object : new ObjectId[] {OBJECT, null}) {
                RowFrame frame = RowFrame.of(head, object, payload, RETENTION);
                assertThat(RowFrame.decode(frame.encode(), "it")).isEqualTo(frame);
            }
        }
    }

    @Test
    void anyRowIsReadBack() {
        Seeded.cases(5000, random -> {
            RowFrame frame = any(random);
            ByteBuffer encoded = frame.encode();
            assertThat(encoded.remaining()).isLessThanOrEqualTo(RowFrame.MAX_BYTES);
            assertThat(RowFrame.decode(encoded, "it")).isEqualTo(frame);
        });
    }

    @Test
    void theBufferIsLeftAtTheFirstByteAfterTheFrame() {
        ByteBuffer encoded =
                RowFrame.of(inline(DEADLINE), OBJECT, payload(), RETENTION).encode();
        int length = encoded.remaining();
        ByteBuffer stored = ByteBuffer.allocate(3 + length + 9);
        stored.position(3);
        stored.put(encoded).put(payload()).flip().position(3);
        RowFrame frame = RowFrame.decode(stored, "it");
        assertThat(stored.position()).isEqualTo(3 + length);
        assertThat(stored.remaining()).isEqualTo(frame.payloadLength());
        frame.verify(stored, "it");
    }

    @Test
    void theOrderOfTheBufferDoesNotMatter() {
        RowFrame frame = RowFrame.of(tombstone(DEADLINE), OBJECT, null, RETENTION);
        ByteBuffer little = frame.encode().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(RowFrame.decode(little, "it")).isEqualTo(frame);
        assertThat(little.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(little.hasRemaining()).isFalse();
    }

    @Test
    void aBumpKeepsTheSealOfThePayload() {
        RowFrame frame = RowFrame.of(inline(DEADLINE), OBJECT, payload(), RETENTION);
        RowHead fenced = RowChange.fence(1).applyTo(frame.head(), WRITTEN + 1);
        RowFrame bumped = frame.withHead(fenced, RETENTION);
        assertThat(bumped.head()).isEqualTo(fenced);
        assertThat(bumped.object()).isEqualTo(OBJECT);
        bumped.verify(payload(), "it");
        assertThat(bumped.payloadLength()).isEqualTo(9);
    }

    @Test
    void aRowWithoutPayloadHasNoSeal() {
        RowFrame retired = RowFrame.of(tombstone(Deadline.DEAD), OBJECT, null, RETENTION)
                .withHead(RowChange.retire().applyTo(tombstone(Deadline.DEAD), WRITTEN + 1), RETENTION);
        assertThat(retired.head().kind()).isEqualTo(RowKind.MARKER);
        assertThat(retired.payloadLength()).isZero();
        assertThat(retired.payloadCrc()).isZero();
        assertThat(retired.collectAtMicros()).isEqualTo(WRITTEN + 1 + RETENTION);
    }

    @Test
    void aMarkerIsCollectableItsRetentionAfterTheLastWrite() {
        assertThat(RowFrame.collectAt(marker(), RETENTION)).isEqualTo(WRITTEN + RETENTION);
    }

    @Test
    void anInlineRowIsCollectableAtTheLaterOfDeadlineAndRetention() {
        assertThat(RowFrame.collectAt(inline(DEADLINE), RETENTION)).isEqualTo(DEADLINE.micros());
        assertThat(RowFrame.collectAt(inline(new Deadline(WRITTEN + 1)), RETENTION))
                .isEqualTo(WRITTEN + RETENTION);
        assertThat(RowFrame.collectAt(inline(Deadline.DEAD), RETENTION)).isEqualTo(WRITTEN + RETENTION);
        assertThat(RowFrame.collectAt(inline(Deadline.NONE), RETENTION)).isEqualTo(RowFrame.NEVER);
    }

    @Test
    void aTombstoneIsNeverCollectable() {
        assertThat(RowFrame.collectAt(tombstone(DEADLINE), RETENTION)).isEqualTo(RowFrame.NEVER);
        assertThat(RowFrame.collectAt(tombstone(Deadline.DEAD), RETENTION)).isEqualTo(RowFrame.NEVER);
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() {
        // No builder makes such metadata, but metadata that were stored elsewhere are read whatever their size.
        String small =
                new String(ObjectMetadata.builder().custom("k", "value").build().toJson(), StandardCharsets.UTF_8);
        ObjectMetadata large = ObjectMetadata.fromJson(
                small.replace("value", "v".repeat(RowFrame.MAX_BYTES)).getBytes(StandardCharsets.UTF_8));
        RowHead head = new RowHead(RowKind.TOMBSTONE, VERSION, DEADLINE, WRITTEN, large, BLOB);
        assertThatThrownBy(() -> RowFrame.of(head, OBJECT, null, RETENTION).encode())
                .isInstanceOf(TooLargeException.class)
                .hasMessageMatching("The description of the object takes 2[45]\\d\\d\\d bytes, "
                        + "but a row holds at most 24576\\. Shorten its custom metadata\\.");
    }

    @Test
    void anAbsentRowIsNotStored() {
        assertThatThrownBy(() ->
                        RowFrame.of(RowHead.ABSENT, OBJECT, null, RETENTION).encode())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an absent row is not stored");
    }

    private static RowFrame any(Random random) {
        RowVersion version = RowVersion.of(new WriteId(random.nextLong(), random.nextLong()), random.nextLong());
        Deadline deadline =
                switch (random.nextInt(3)) {
                    case 0 -> Deadline.NONE;
                    case 1 -> Deadline.DEAD;
                    default -> new Deadline(random.nextLong());
                };
        ObjectId object = ObjectId.of(ObjectContext.of("u"), "k" + random.nextInt() + "/漢\uD83D\uDE00");
        ObjectMetadata metadata = MetadataSamples.any(random);
        RowHead head =
                switch (random.nextInt(3)) {
                    case 0 -> new RowHead(RowKind.INLINE, version, deadline, random.nextLong() >> 1, metadata, null);
                    case 1 ->
                        new RowHead(
                                RowKind.TOMBSTONE,
                                version,
                                deadline,
                                random.nextLong() >> 1,
                                metadata,
                                new BlobId(object, new UUID(random.nextLong(), random.nextLong())));
                    default -> new RowHead(RowKind.MARKER, version, Deadline.NONE, random.nextLong() >> 1, null, null);
                };
        return RowFrame.of(head, random.nextBoolean() ? object : null, null, RETENTION);
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
