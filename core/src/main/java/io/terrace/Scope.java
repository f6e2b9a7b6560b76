// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * One level of an object's context, for example the organisation that owns it.
 *
 * <p>Name and value are non-empty, at most {@value #MAX_LENGTH} characters, of {@code A-Za-z0-9_-()$!+'}. The characters
 * {@code . / = ;} separate scopes in paths and are therefore never part of one.
 */
public record Scope(String name, String value) {
    static final int MAX_LENGTH = 128;
    private static final String PUNCTUATION = "_-()$!+'";

    public Scope {
        check("name", name);
        check("value", value);
    }

    private static void check(String part, String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new InvalidObjectIdException(
                    "scope " + part + " has " + text.length() + " characters; use 1 to " + MAX_LENGTH);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Texts.isAsciiLetterOrDigit(c) && PUNCTUATION.indexOf(c) < 0) {
                throw new InvalidObjectIdException("scope " + part + " " + Texts.quote(text)
                        + " has a forbidden character at index " + i + "; use only A-Z a-z 0-9 and " + PUNCTUATION);
            }
        }
    }
}
