// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.InvalidPartException.Reason.ETAG_MISMATCH;
import static io.terrace.InvalidPartException.Reason.NO_PARTS;
import static io.terrace.InvalidPartException.Reason.NUMBER_OUT_OF_RANGE;
import static io.terrace.InvalidPartException.Reason.OUT_OF_ORDER;
import static io.terrace.InvalidPartException.Reason.TOO_SMALL;
import static io.terrace.InvalidPartException.Reason.UNKNOWN_PART;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.InvalidPartException;
import io.terrace.InvalidPartException.Reason;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every store checks of parts in the same way. */
class PartChecksTest {

    /** RFC 1321 and RFC 3720, for these nine characters. */
    private static final ByteBuffer NINE =
            ByteBuffer.wrap("123456789".getBytes(UTF_8)).asReadOnlyBuffer();

    private static final String MD5 = "25f9e794323b453885f5181f1b624d0b";
    private static final int CRC = 0xE3069283;

    private final UploadLimits limits = new UploadLimits(100, 5, 50);
    private final Map<Integer, PartInfo> stored =
            Map.of(1, new PartInfo(1, "a", 5, 0), 2, new PartInfo(2, "b", 4, 0), 7, new PartInfo(7, "c", 9, 0));

    @Test
    void aDigestNamesAndCountsTheBytes() {
        PartDigest digest = new PartDigest();
        digest.update(NINE.slice(0, 4));
        digest.update(NINE.slice(4, 5));

        assertThat(NINE.remaining()).isEqualTo(9);
        assertThat(digest.size()).isEqualTo(9);
        assertThat(digest.crc32c()).isEqualTo(CRC);
        assertThat(digest.finish(1, null)).isEqualTo(MD5);
    }

    @Test
    void aRightChecksumPassesAndAWrongOneSaysWhichItShouldBe() {
        byte[] md5 = java.util.HexFormat.of().parseHex(MD5);
        assertThat(digestOfNine().finish(1, Checksum.md5(md5))).isEqualTo(MD5);
        assertThat(digestOfNine().finish(1, Checksum.crc32c(CRC))).isEqualTo(MD5);
        assertThat(digestOfNine().finish(1, new Checksum(Checksum.Algorithm.CRC32C, "4waSgw")))
                .as("without padding")
                .isEqualTo(MD5);
        assertThatThrownBy(() -> digestOfNine().finish(3, Checksum.crc32c(CRC + 1)))
                .isInstanceOf(ClientPayloadException.class)
                .hasMessage("The 9 bytes of part 3 have the checksum CRC32C 4waSgw== and not CRC32C 4waShA==, "
                        + "as announced. Nothing was stored; upload the part again.");
        md5[15]++;
        assertThatThrownBy(() -> digestOfNine().finish(3, Checksum.md5(md5)))
                .isInstanceOf(ClientPayloadException.class);
    }

    @Test
    void aChecksumThatCannotBeOneIsRefused() {
        assertThatThrownBy(() -> new Checksum(Checksum.Algorithm.MD5, "not base64!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'not base64!'");
        assertThatThrownBy(() -> new Checksum(Checksum.Algorithm.MD5, "4waSgw=="))
                .hasMessage("A checksum of MD5 has 16 bytes, but '4waSgw==' has 4.");
    }

    @Test
    void aRightListPassesAndTheLastPartMayBeSmall() {
        check(part(1, "a"), part(7, "c"));
        check(part(1, "a"), part(2, "b"));
        check(part(2, "b"));
    }

    @Test
    void aWrongListNamesThePartThatIsWrong() {
        refuses(this::check, NO_PARTS, 0);
        refuses(() -> check(part(1, "a"), part(3, "x")), UNKNOWN_PART, 3);
        refuses(() -> check(part(1, "x"), part(7, "c")), ETAG_MISMATCH, 1);
        refuses(() -> check(part(7, "c"), part(1, "a")), OUT_OF_ORDER, 1);
        refuses(() -> check(part(1, "a"), part(1, "a")), OUT_OF_ORDER, 1);
        refuses(() -> check(part(0, "a"), part(1, "a")), NUMBER_OUT_OF_RANGE, 0);
        refuses(() -> check(part(1, "a"), part(2, "b"), part(7, "c")), TOO_SMALL, 2);
    }

    @Test
    void aPartIsRefusedBeforeItsBytesAreAskedFor() {
        limits.requirePart("s3", 1, 50);
        limits.requirePart("s3", 100, Payload.UNKNOWN);
        refuses(() -> limits.requirePart("s3", 0, 1), NUMBER_OUT_OF_RANGE, 0);
        refuses(() -> limits.requirePart("s3", 101, 1), NUMBER_OUT_OF_RANGE, 101);
        assertThatThrownBy(() -> limits.requirePart("s3", 1, 51))
                .isInstanceOf(TooLargeException.class)
                .hasMessage("Part 1 has 51 bytes, and a part has at most 50. Divide it.");
    }

    @Test
    void limitsThatNoPartCanMeetAreRefused() {
        assertThatThrownBy(() -> new UploadLimits(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UploadLimits(1, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPageSaysWhereTheNextOneBegins() {
        assertThat(new PartPage(List.of(stored.get(1), stored.get(7)), true).nextMarker())
                .hasValue(7);
        assertThat(new PartPage(List.of(stored.get(1)), false).nextMarker()).isEmpty();
        assertThatThrownBy(() -> new PartPage(List.of(), true)).isInstanceOf(IllegalArgumentException.class);
    }

    private static PartDigest digestOfNine() {
        PartDigest digest = new PartDigest();
        digest.update(NINE);
        return digest;
    }

    private static UploadedPart part(int number, String etag) {
        return new UploadedPart(number, etag);
    }

    private void check(UploadedPart... list) {
        limits.requireList("s3", Arrays.asList(list), stored::get);
    }

    private static void refuses(ThrowingCallable call, Reason reason, int number) {
        assertThatThrownBy(call).isInstanceOfSatisfying(InvalidPartException.class, error -> {
            assertThat(error.reason()).isEqualTo(reason);
            assertThat(error.partNumber()).isEqualTo(number);
            assertThat(error.backend()).isEqualTo("s3");
            assertThat(error.getMessage()).endsWith(".").contains(number == 0 ? "" : "art " + number);
        });
    }
}
