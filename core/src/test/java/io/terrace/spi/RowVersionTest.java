// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowVersionTest {
    private static final WriteId W = new WriteId(1, 2);

    @Test
    void aWriteIdIs32HexadecimalDigits() {
        assertThat(W).hasToString("00000000000000010000000000000002");
        assertThat(new WriteId(-1, Long.MIN_VALUE)).hasToString("ffffffffffffffff8000000000000000");
        UUID uuid = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        assertThat(WriteId.of(uuid)).hasToString("01890a5dac96774bbcceb302099a8057");
    }

    @Test
    void aWriteIdIsReadBackFromItsBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(WriteId.BYTES);
        new WriteId(0x0102030405060708L, -2).writeTo(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(bytes.get(0)).isEqualTo((byte) 1);
        assertThat(WriteId.readFrom(bytes.flip())).isEqualTo(new WriteId(0x0102030405060708L, -2));
    }

    @Test
    void onlyTheZeroWriteIdIsNone() {
        assertThat(WriteId.NONE.isNone()).isTrue();
        assertThat(new WriteId(0, 1).isNone()).isFalse();
        assertThat(new WriteId(1, 0).isNone()).isFalse();
    }

    @Test
    void versionsAreEqualByWriteIdAndBumpWhateverTheToken() {
        assertThat(RowVersion.of(W, 3, "etag"))
                .isEqualTo(RowVersion.of(W, 3))
                .hasSameHashCodeAs(RowVersion.of(W, 3, "other"));
        assertThat(RowVersion.of(W, 3)).isNotEqualTo(RowVersion.of(W, 4));
        assertThat(RowVersion.of(W, 3)).isNotEqualTo(RowVersion.of(new WriteId(1, 3), 3));
        assertThat(RowVersion.of(W, 3, "etag").token()).isEqualTo("etag");
    }

    @Test
    void aBumpCountsOnAndForgetsTheToken() {
        RowVersion bumped = RowVersion.of(W, 3, "etag").bumped(99);
        assertThat(bumped).isEqualTo(RowVersion.of(W, 4));
        assertThat(bumped.token()).isNull();
    }

    @Test
    void aBumpOfAnAbsentRowBeginsAtTheGivenNumber() {
        assertThat(RowVersion.ABSENT.bumped(99)).isEqualTo(RowVersion.of(WriteId.NONE, 99));
        assertThat(RowVersion.of(WriteId.NONE, 99).bumped(7)).isEqualTo(RowVersion.of(WriteId.NONE, 100));
    }

    @Test
    void noBumpEverProducesTheVersionOfAnAbsentRow() {
        // The number is random, so that it may be the last one before the counter comes round.
        RowVersion last = RowVersion.ABSENT.bumped(-1);
        assertThat(last.isAbsent()).isFalse();
        assertThat(last.bumped(7).isAbsent()).isFalse();
        assertThat(last.bumped(7)).isNotEqualTo(last);
        assertThat(RowVersion.of(W, -1).bumped(7)).isEqualTo(RowVersion.of(W, 0));
    }

    @Test
    void onlyNoWriteAndNoBumpIsAbsent() {
        assertThat(RowVersion.ABSENT.isAbsent()).isTrue();
        assertThat(RowVersion.of(WriteId.NONE, 1).isAbsent()).isFalse();
        assertThat(RowVersion.of(W, 0).isAbsent()).isFalse();
    }

    @Test
    void theTextFormShowsTheBumpAsUnsigned() {
        assertThat(RowVersion.ABSENT).hasToString("absent");
        assertThat(RowVersion.of(W, -1)).hasToString("00000000000000010000000000000002.18446744073709551615");
    }
}
