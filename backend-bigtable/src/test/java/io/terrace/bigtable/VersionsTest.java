// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions whose bytes mean something to a pattern, or are at the end of a range. */
class VersionsTest {

    private static final String BYTES = "\u0000\u0001\u00ff\u00fe\n\r\\.*+?()[]{}|^$\u007f\u0080\u00c3\u00a9,\"";

    private final Sample sample = new Sample();

    @AfterEach
    void close() {
        sample.close();
    }

    @Test
    void eachByteOfAVersionStandsForItself() {
        for (int i = 0; i < BYTES.length(); i++) {
            WriteId writeId = writeId(BYTES.substring(i, i + 1).repeat(16));
            for (long bump : new long[] {1, 0x0aL, 0xffL, 0xffffL, 0x5c2e2a2b5c2e2a2bL, Long.MAX_VALUE, -2}) {
                assertExact(Sample.id("w-" + i + "-" + bump), writeId, bump);
            }
        }
    }

    @Test
    void mixedBytesToo() {
        for (int i = 0; i + 16 <= BYTES.length(); i++) {
            assertExact(Sample.id("m-" + i), writeId(BYTES.substring(i, i + 16)), 0xff00ff0a00ff5cffL);
        }
    }

    @Test
    void theSuccessorOfAPrefixCarries() {
        assertThat(Predicates.successor(bytes(1, 2))).isEqualTo(bytes(1, 3));
        assertThat(Predicates.successor(bytes(1, 255, 255))).isEqualTo(bytes(2));
        assertThat(Predicates.successor(bytes(127))).isEqualTo(bytes(128));
        assertThatThrownBy(() -> Predicates.successor(bytes(255))).isInstanceOf(IllegalArgumentException.class);
    }

    /** A row at that version, made as it can come about; then all its neighbours. */
    private void assertExact(ObjectId id, WriteId writeId, long bump) {
        RowHead head = new RowHead(
                RowKind.MARKER, RowVersion.of(writeId, bump), Deadline.NONE, 1_800_000_000_000_000L, null, null);
        byte[] cell = RowFrame.of(head, null, null, 0).encode().array();
        sample.rawHead(id, ByteString.copyFrom(cell));
        List<RowVersion> others = new ArrayList<>(List.of(
                RowVersion.of(writeId, bump + 1),
                RowVersion.of(writeId, bump - 1),
                RowVersion.of(new WriteId(writeId.high(), writeId.low() + 1), bump),
                RowVersion.of(new WriteId(writeId.high(), writeId.low() - 1), bump),
                RowVersion.of(new WriteId(writeId.high() ^ 1, writeId.low()), bump)));
        for (RowVersion other : others) {
            assertThat(sample.cas(id, other, Sample.inline(1))).as("%s", other).isInstanceOf(CasOutcome.Refused.class);
        }
        assertThat(sample.bump(id, sample.head(id), RowChange.fence(1)))
                .isEqualTo(new CasOutcome.Applied(RowVersion.of(writeId, bump + 1)));
        RowWrite write = Sample.marker();
        assertThat(sample.cas(id, RowVersion.of(writeId, bump + 1), write))
                .isEqualTo(new CasOutcome.Applied(RowVersion.of(write.writeId(), 0)));
    }

    private static WriteId writeId(String latin1) {
        return WriteId.readFrom(ByteBuffer.wrap(latin1.getBytes(ISO_8859_1)));
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
