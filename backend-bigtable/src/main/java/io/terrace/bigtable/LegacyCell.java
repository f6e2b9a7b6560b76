// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.protobuf.ByteString;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The cell that decides what a row of the reference is; the token of its version, which follows from it. The payload is not
 * looked at, so that a read without it gives the same version. A cell of the reference is never written again, only replaced
 * by a head.
 */
record LegacyCell(String family, ByteString qualifier, long timestampMicros, ByteString value) {

    /** The version nibble of a UUID; no UUID has this one, so that these write ids can be told from all others. */
    private static final long NIBBLE = 0xF000L;

    /** See {@link WriteId#isConditional}. */
    private static final long CONDITIONAL = 1L << 62;

    RowVersion version() {
        MessageDigest sha = sha256();
        sha.update(family.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(qualifier.toByteArray());
        sha.update((byte) 0);
        sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, timestampMicros));
        value.asReadOnlyByteBufferList().forEach(sha::update);
        ByteBuffer digest = ByteBuffer.wrap(sha.digest());
        WriteId writeId = new WriteId(digest.getLong() | NIBBLE, digest.getLong() & ~CONDITIONAL);
        return RowVersion.of(writeId, 0, this);
    }

    /** Whether this may be the version of such a cell; after its first bump a row has a head. */
    static boolean mayBe(RowVersion version) {
        return version.bump() == 0 && (version.writeId().high() & NIBBLE) == NIBBLE;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
