// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * What a conditional write asks for. An entity tag is a write id, and each write has a value of its own here, so the two
 * say the same.
 *
 * @param writeId the tag, or {@code null} for "there is no object"
 */
record Condition(@Nullable String writeId, @Nullable String value) {

    static final Condition CREATE_ONLY = new Condition(null, null);

    /** The object of the start. */
    static final Condition UNCHANGED = new Condition("0", "v0");

    boolean holdsFor(@Nullable String content) {
        return value == null ? content == null : Op.isValue(content, value);
    }

    boolean holdsFor(Row row, int now) {
        boolean there = row.hasValue() && !row.isExpired(now);
        return writeId == null ? !there : there && row.writeId().equals(writeId);
    }
}
