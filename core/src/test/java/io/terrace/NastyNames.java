// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Random;

/** Names that are legal and unpleasant, and paths that are almost right. */
final class NastyNames {
    private static final String USECASE = "abcXYZ019_.-";
    private static final String SCOPE = "abcXYZ019_-()$!+'";
    private static final String[] KEY_PARTS = {
        "/",
        "//",
        "objects",
        "/objects/",
        "objects/",
        ".",
        "..",
        "...",
        "a",
        "a.b",
        "org.17",
        "_",
        "=",
        ";",
        "%2F",
        "%2e",
        "%00",
        " ",
        "\\",
        "\"",
        "'",
        "é",
        "e\u0301",
        "漢",
        "\uD83D\uDE00",
        "\u200B",
        "\u2028",
        "\uFEFF",
        "\uFFFD",
        "\uDBFF\uDFFF",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "~",
        "*",
        "?",
        "#",
        "con",
        "-rf",
        "$(id)"
    };
    private static final String[] PATH_PARTS = {
        "/", "/", "/", "objects", "objects", "a", "A.b", "x.y", ".", "..", "a.b.c", ".b", "a.", "=", "key", "\u0000",
        "\uD800", "é", "_"
    };

    private NastyNames() {}

    static ObjectId id(Random random) {
        Scopes scopes = Scopes.none();
        for (int n = random.nextInt(4); n > 0; n--) {
            scopes = scopes.and(scopePart(random), scopePart(random));
        }
        return ObjectId.of(ObjectContext.of(usecase(random), scopes), key(random));
    }

    private static String usecase(Random random) {
        while (true) {
            String usecase = random.nextInt(8) == 0 ? "objects" : of(random, USECASE, 1 + random.nextInt(6));
            if (!usecase.equals(".") && !usecase.equals("..")) {
                return usecase;
            }
        }
    }

    private static String scopePart(Random random) {
        return random.nextInt(8) == 0 ? "objects" : of(random, SCOPE, 1 + random.nextInt(4));
    }

    /** A legal key. */
    static String key(Random random) {
        while (true) {
            String key = join(random, KEY_PARTS, 1 + random.nextInt(6));
            if (!key.matches("(?s)(.*/)?\\.\\.?(/.*)?")) {
                return key;
            }
        }
    }

    /** Mostly no storage path at all, sometimes one. */
    static String almostPath(Random random) {
        return join(random, PATH_PARTS, 1 + random.nextInt(10));
    }

    private static String join(Random random, String[] parts, int count) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < count; i++) {
            joined.append(parts[random.nextInt(parts.length)]);
        }
        return joined.toString();
    }

    private static String of(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
