// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Digests the bytes of a part as they pass, for a store that does not do so by itself: counts them, names them by an ETag,
 * and compares them with the checksum that was announced. Not thread-safe.
 */
public final class PartDigest {

    private static final HexFormat HEX = HexFormat.of();

    private final MessageDigest md5;
    private final CRC32C crc = new CRC32C();
    private long size;

    public PartDigest() {
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    /** Adds the bytes from position to limit; the buffer's own position is not moved. */
    public void update(ByteBuffer bytes) {
        md5.update(bytes.duplicate());
        crc.update(bytes.duplicate());
        size += bytes.remaining();
    }

    /** How many bytes there were. */
    public long size() {
        return size;
    }

    /** The CRC32C of the bytes. */
    public int crc32c() {
        return (int) crc.getValue();
    }

    /**
     * The end of the bytes; called once, and nothing after it.
     *
     * @param number of the part, for the message
     * @return the ETag: the MD5 of the bytes in hexadecimal, as most object stores have it
     * @throws ClientPayloadException if the bytes have another checksum than the announced one
     */
    public String finish(int number, @Nullable Checksum announced) {
        byte[] digest = md5.digest();
        if (announced != null) {
            Checksum actual =
                    switch (announced.algorithm()) {
                        case MD5 -> Checksum.md5(digest);
                        case CRC32C -> Checksum.crc32c(crc.getValue());
                    };
            if (!actual.equals(announced)) {
                throw new ClientPayloadException(
                        "The " + size + " bytes of part " + number + " have the checksum " + actual + " and not "
                                + announced + ", as announced. Nothing was stored; upload the part again.");
            }
        }
        return HEX.formatHex(digest);
    }
}
