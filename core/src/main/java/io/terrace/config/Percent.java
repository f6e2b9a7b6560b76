// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of RFC 3986, over UTF-8. A plus is a plus, not a blank. */
final class Percent {

    private static final String UNRESERVED = "-._~";

    private Percent() {}

    /** @throws IllegalArgumentException for half a surrogate pair, which has no encoding */
    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        byte[] bytes = text.getBytes(UTF_8);
        if (!new String(bytes, UTF_8).equals(text)) {
            throw new IllegalArgumentException("a text with half a surrogate pair cannot be in a URL");
        }
        for (byte one : bytes) {
            char c = (char) (one & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return out.toString();
    }

    /** {@code null} if an escape is malformed, or the bytes are no UTF-8. */
    static @Nullable String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int escape = text.indexOf('%', at);
            int end = escape < 0 ? text.length() : escape;
            out.writeBytes(text.substring(at, end).getBytes(UTF_8));
            at = end;
            if (escape >= 0) {
                int value = escape + 2 < text.length() ? twoDigits(text, escape + 1) : -1;
                if (value < 0) {
                    return null;
                }
                out.write(value);
                at = escape + 3;
            }
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    /** Negative if they are none. */
    private static int twoDigits(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        // Character.digit knows the digits of all scripts.
        return high < 0 || low < 0 || text.charAt(at) > 'f' || text.charAt(at + 1) > 'f' ? -1 : high * 16 + low;
    }
}
