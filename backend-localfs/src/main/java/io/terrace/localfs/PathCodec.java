// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names as file names. Lower-case letters, digits, {@code _} and {@code -} stand for themselves, every other byte of UTF-8
 * is {@code %xx}; so no name is {@code ..}, holds a separator, or differs from another by case only. A name that would
 * grow beyond {@value #MAX_BYTES} bytes becomes {@code ~} and its SHA-256, and cannot be decoded: the file says whose it
 * is.
 */
final class PathCodec {

    static final int MAX_BYTES = 200;
    private static final char HASHED = '~';
    private static final char ESCAPE = '%';
    private static final HexFormat HEX = HexFormat.of();

    private PathCodec() {}

    /** One segment. Injective, as far as SHA-256 is. */
    static String encode(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            if (isLiteral(b)) {
                out.append((char) b);
            } else {
                HEX.toHexDigits(out.append(ESCAPE), b);
            }
        }
        return out.length() > MAX_BYTES ? hashed(bytes) : out.toString();
    }

    /** A segment that stands for a name of any length, and for no other. */
    static String hashed(String name) {
        return hashed(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name, or {@code null} if it is hashed or not one of ours. */
    static @Nullable String decode(String segment) {
        byte[] bytes = new byte[segment.length()];
        int length = 0;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == ESCAPE && i + 2 < segment.length() && isHex(segment, i + 1) && isHex(segment, i + 2)) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(segment, i + 1, i + 3);
                i += 2;
            } else if (c < 128 && isLiteral((byte) c)) {
                bytes[length++] = (byte) c;
            } else {
                return null;
            }
        }
        String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        // Not canonical, for example %61 or broken UTF-8: never written by us.
        return encode(name).equals(segment) ? name : null;
    }

    static boolean isHashed(String segment) {
        return !segment.isEmpty() && segment.charAt(0) == HASHED;
    }

    private static boolean isHex(String text, int index) {
        return HexFormat.isHexDigit(text.charAt(index));
    }

    private static boolean isLiteral(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '_' || b == '-';
    }

    private static String hashed(byte[] bytes) {
        try {
            return HASHED + HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
