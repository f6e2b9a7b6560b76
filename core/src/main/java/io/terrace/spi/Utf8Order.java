// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Comparator;

/**
 * Texts by their bytes in UTF-8, which it does not make. In UTF-8 a character beyond U+FFFF comes last; in UTF-16 its
 * surrogates come before U+E000.
 */
final class Utf8Order implements Comparator<String> {

    private static final int BEHIND_ALL = 1 << Character.SIZE;

    @Override
    public int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return rank(x) - rank(y);
            }
        }
        return a.length() - b.length();
    }

    /** Surrogates go behind all other characters. A lone one, which has no bytes, is no exception. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + BEHIND_ALL : c;
    }
}
