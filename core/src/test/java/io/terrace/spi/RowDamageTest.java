// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.DEADLINE;
import static io.terrace.spi.RowSamples.OBJECT;
import static io.terrace.spi.RowSamples.RETENTION;
import static io.terrace.spi.RowSamples.inline;
import static io.terrace.spi.RowSamples.marker;
import static io.terrace.spi.RowSamples.payload;
import static io.terrace.spi.RowSamples.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.IntegrityException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A row that is not what was written is never taken for one that is. */
class RowDamageTest {
    private final RowFrame frame = RowFrame.of(inline(DEADLINE), OBJECT, payload(), RETENTION);

    @Test
    void everyFlippedBitIsDetected() {
        for (RowFrame whole : new RowFrame[] {
            frame,
            RowFrame.of(tombstone(DEADLINE), OBJECT, null, RETENTION),
            RowFrame.of(tombstone(Deadline.DEAD), null, null, RETENTION),
            RowFrame.of(marker(), OBJECT, null, RETENTION)
        }) {
            byte[] bytes = bytesOf(whole);
            assertThatCode(() -> RowFrame.decode(ByteBuffer.wrap(bytes), "it")).doesNotThrowAnyException();
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                // Followed by a payload, so that a length that grew finds bytes to read.
                ByteBuffer damaged =
                        ByteBuffer.allocate(bytes.length + 1000).put(bytes).rewind();
                assertThatThrownBy(() -> RowFrame.decode(damaged, "it"))
                        .as("bit %d", bit)
                        .isInstanceOf(IntegrityException.class);
                assertThat(damaged.position()).isZero();
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            }
        }
    }

    @Test
    void aFrameThatWasCutOffIsDetectedAtEveryLength() {
        byte[] bytes = bytesOf(frame);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> RowFrame.decode(cut, "it"))
                    .as("%d bytes", length)
                    .isInstanceOf(IntegrityException.class);
            // What a file system may leave instead of the end.
            byte[] zeroed = bytes.clone();
            Arrays.fill(zeroed, length, zeroed.length, (byte) 0);
            if (length < bytes.length - 1) {
                assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.wrap(zeroed), "it"))
                        .as("zero from %d", length)
                        .isInstanceOf(IntegrityException.class);
            }
        }
    }

    @Test
    void everyFlippedBitOfThePayloadIsDetected() {
        byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> frame.verify(ByteBuffer.wrap(bytes), "it")).isInstanceOf(IntegrityException.class);
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        assertThatCode(() -> frame.verify(ByteBuffer.wrap(bytes), "it")).doesNotThrowAnyException();
    }

    @Test
    void aPayloadOfAnotherLengthIsDetected() {
        assertThatThrownBy(() -> frame.verify(payload().limit(8), "it")).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> frame.verify(ByteBuffer.allocate(0), "it")).isInstanceOf(IntegrityException.class);
        // Of no payload, the checksum is that of no bytes, zero: only the length tells.
        RowFrame empty = RowFrame.of(inline(DEADLINE), OBJECT, ByteBuffer.allocate(0), RETENTION);
        assertThatCode(() -> empty.verify(ByteBuffer.allocate(0), "it")).doesNotThrowAnyException();
        assertThatThrownBy(() -> empty.verify(ByteBuffer.allocate(1), "it")).isInstanceOf(IntegrityException.class);
    }

    @Test
    void verifyingDoesNotMoveThePayload() {
        ByteBuffer payload = payload();
        frame.verify(payload, "it");
        assertThat(payload.remaining()).isEqualTo(9);
    }

    @Test
    void theMessagesNameTheRowTheDamageAndTheRemedy() {
        byte[] bytes = bytesOf(frame);
        bytes[30] ^= 1;
        assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.wrap(bytes), "usecase/_/key"))
                .hasMessage("The row of usecase/_/key is damaged: its checksum does not match. "
                        + "Restore it from a copy; its bytes have not been touched.");
        assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.allocate(5), "usecase/_/key"))
                .hasMessageStartingWith("The row of usecase/_/key is damaged: it cannot be decoded.");
        assertThatThrownBy(() -> frame.verify(ByteBuffer.allocate(9), "usecase/_/key"))
                .hasMessageStartingWith("The row of usecase/_/key is damaged: "
                        + "its payload does not match the checksum it was written with.");
    }

    @Test
    void aLaterFormatIsRefusedAsSuch() {
        byte[] bytes = bytesOf(frame);
        bytes[25] = 2;
        assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.wrap(resealed(bytes)), "it"))
                .isInstanceOf(IntegrityException.class)
                .hasMessage("The row of it has format 2, but this version reads 1 only. "
                        + "Open the store with the version that wrote it, or a later one.");
    }

    @Test
    void whatIsSealedButMakesNoSenseIsRefusedWithTheRow() {
        // Byte 0 says tombstone, but there is no target.
        byte[] noTarget = bytesOf(frame);
        noTarget[0] = 'T';
        assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.wrap(resealed(noTarget)), "it"))
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith("The row of it is damaged: it cannot be decoded.");

        // 59: length of the target, none; 61: length of the metadata; 65: the opening brace.
        byte[] noJson = bytesOf(frame);
        noJson[65] = '!';
        assertThatThrownBy(() -> RowFrame.decode(ByteBuffer.wrap(resealed(noJson)), "it"))
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith("The row of it is damaged: its metadata cannot be read.");
    }

    private static byte[] bytesOf(RowFrame frame) {
        ByteBuffer encoded = frame.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    /** With the right checksum. */
    private static byte[] resealed(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.putInt(bytes.length - 4, RowFrame.crcOf(buffer.duplicate().limit(bytes.length - 4)));
        return bytes;
    }
}
