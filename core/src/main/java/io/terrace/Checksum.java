// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;

/**
 * What a sender says about bytes that it sends, so that they are refused if others arrive.
 *
 * @param algorithm how it was computed
 * @param base64 its bytes in base64, as in the header {@code Content-MD5}; of a CRC in big-endian order
 */
public record Checksum(Algorithm algorithm, String base64) {

    /** The algorithms that every store can verify. */
    public enum Algorithm {
        /** 16 bytes; against accidents, not against attackers. */
        MD5(16),
        /** 4 bytes: the CRC of Castagnoli. */
        CRC32C(4);

        private final int bytes;

        Algorithm(int bytes) {
            this.bytes = bytes;
        }
    }

    /** @throws IllegalArgumentException if this is no base64, or not of as many bytes as the algorithm yields */
    public Checksum {
        Objects.requireNonNull(algorithm, "algorithm");
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(
                    "A checksum is written in base64, and '" + base64 + "' is not: " + notBase64.getMessage(),
                    notBase64);
        }
        if (bytes.length != algorithm.bytes) {
            throw new IllegalArgumentException("A checksum of " + algorithm + " has " + algorithm.bytes
                    + " bytes, but '" + base64 + "' has " + bytes.length + ".");
        }
        // Padding may be left out, and must not make two of one.
        base64 = Base64.getEncoder().encodeToString(bytes);
    }

    /** @param digest 16 bytes */
    public static Checksum md5(byte[] digest) {
        return new Checksum(Algorithm.MD5, Base64.getEncoder().encodeToString(digest));
    }

    /** @param value as {@link java.util.zip.CRC32C#getValue} has it; the upper half is ignored */
    public static Checksum crc32c(long value) {
        byte[] bytes = ByteBuffer.allocate(4).putInt((int) value).array();
        return new Checksum(Algorithm.CRC32C, Base64.getEncoder().encodeToString(bytes));
    }

    @Override
    public String toString() {
        return algorithm + " " + base64;
    }
}
