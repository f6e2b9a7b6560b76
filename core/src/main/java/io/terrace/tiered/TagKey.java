// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/**
 * The keys of all tags. The values of each are few and known beforehand: never the key, the scopes or the etag of an object,
 * or the id of an upload.
 */
enum TagKey {
    OPERATION("operation", "The method that was called."),
    USECASE(
            "usecase",
            "The use case of the object, of a copy the new one, if the builder's `usecase` was called for it, and `other` if it was not: "
                    + "applications may make up use cases as they go."),
    TIER("tier", "Where the bytes went or come from: `inline` for a row, `blob`, and `none` if there are none."),
    OUTCOME("outcome", "How it ended."),
    CODE(
            "code",
            "The code of the error, `none` if there is none, and `other` for what is not an error of Terrace's own."),
    SHARE("share", "`all` operations, or the `bulk` work among them."),
    AWAITED(
            "awaited",
            "What is waited for: a permit of `all` operations, one of `bulk` work, or memory for a `payload`."),
    PASS(
            "pass",
            "`recover`, `sweep` or `maintain`. A maintenance begins with a recovery and a sweep, which count as such."),
    RESULT("result", "The component of the pass's report.");

    static final String NONE = "none";
    static final String OTHER = "other";

    private final String key;
    private final String meaning;

    TagKey(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    String key() {
        return key;
    }

    String meaning() {
        return meaning;
    }
}
