// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/** Checks and renderings of text that several value types share. */
final class Texts {
    private static final int SHOWN_CHARS = 80;

    private Texts() {}

    /** The text in quotes, shortened and with control characters escaped, so that a message cannot forge log lines. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("'");
        int end = Math.min(text.length(), SHOWN_CHARS);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7E || c == '\'' || c == '\\') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append(end < text.length() ? "...'" : "'").toString();
    }

    /** Whether a surrogate stands alone. Such text has no UTF-8 form, so two different texts could be stored as one. */
    static boolean hasUnpairedSurrogate(String text) {
        // codePoints() joins pairs and passes lone surrogates through.
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The length in UTF-8 of text without unpaired surrogates, found without encoding it. */
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                // A surrogate pair is four bytes, so each half counts two.
                bytes += 2;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }

    static boolean isAsciiLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isAsciiDigit(c);
    }

    static boolean isAsciiDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
