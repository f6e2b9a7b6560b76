// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A change of the value that has an entry in the log, of the same name.
 *
 * @param base the row that it started from (R3a)
 */
record Change(String name, Row.Kind kind, @Nullable String data, Row base) {

    static Change small(String name, @Nullable String value, Row base) {
        return new Change(name, value == null ? Row.Kind.MARKER : Row.Kind.INLINE, value, base);
    }

    static Change large(String name, String value, Row base) {
        return new Change(name, Row.Kind.TOMBSTONE, Row.blob(value), base);
    }

    @Nullable
    String newBlob() {
        return kind == Row.Kind.TOMBSTONE ? data : null;
    }

    Entry entry() {
        return Entry.open(newBlob(), base);
    }

    Row conditionalRow(int attempt) {
        return Row.of(kind, name + Row.CONDITIONAL + attempt, data);
    }

    /** The row of one attempt, each of which has a write id of its own. */
    Row row(int attempt) {
        return Row.of(kind, name + attempt, data);
    }
}
