// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/** Checks the syntax of content types: {@code type/subtype}, then parameters, as HTTP writes them. */
final class MediaTypes {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private MediaTypes() {}

    static boolean isValid(String text) {
        int at = skipToken(text, 0);
        if (at == 0 || at == text.length() || text.charAt(at) != '/') {
            return false;
        }
        int subtype = at + 1;
        at = skipToken(text, subtype);
        if (at == subtype) {
            return false;
        }
        while (true) {
            at = skipBlanks(text, at);
            if (at == text.length()) {
                // Nothing but parameters may follow; trailing blanks would be lost in a header.
                return !isBlank(text.charAt(at - 1));
            }
            if (text.charAt(at) != ';') {
                return false;
            }
            at = skipBlanks(text, at + 1);
            if (at == text.length() || text.charAt(at) == ';') {
                continue;
            }
            at = skipParameter(text, at);
            if (at < 0) {
                return false;
            }
        }
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && skipToken(text, 0) == text.length();
    }

    /** The index after {@code name=value}, or -1. */
    private static int skipParameter(String text, int start) {
        int at = skipToken(text, start);
        if (at == start || at == text.length() || text.charAt(at) != '=') {
            return -1;
        }
        int value = at + 1;
        if (value < text.length() && text.charAt(value) == '"') {
            return skipQuoted(text, value + 1);
        }
        at = skipToken(text, value);
        return at == value ? -1 : at;
    }

    private static int skipQuoted(String text, int start) {
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                return at + 1;
            }
            if (c == '\\') {
                at++;
            }
            if (at == text.length()
                    || (text.charAt(at) != '\t' && (text.charAt(at) < 0x20 || text.charAt(at) > 0x7E))) {
                return -1;
            }
        }
        return -1;
    }

    private static int skipToken(String text, int start) {
        int at = start;
        while (at < text.length()
                && (Texts.isAsciiLetterOrDigit(text.charAt(at)) || TOKEN_PUNCTUATION.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(String text, int start) {
        int at = start;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
