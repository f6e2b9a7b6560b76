// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of the key.
 *
 * @param data the value of an INLINE row, the blob of a TOMBSTONE
 * @param dead expired for every clock
 * @param deadline the tick at which the row expires
 * @param meta metadata that a bump may replace
 */
record Row(Kind kind, String writeId, int bump, @Nullable String data, boolean dead, int deadline, String meta) {

    enum Kind {
        ABSENT,
        INLINE,
        TOMBSTONE,
        MARKER
    }

    /** A write id and a bump counter. */
    record Version(String writeId, int bump) {}

    static final int NEVER = 99;
    static final String NO_WRITE = "-";

    /** Part of the write id of each conditional write. */
    static final char CONDITIONAL = '?';

    /** Stands for a bump counter that the store draws when the row is written. */
    static final int RANDOM = -1;

    static final Row ABSENT = new Row(Kind.ABSENT, NO_WRITE, 0, null, false, NEVER, "");

    static Row of(Kind kind, String writeId, @Nullable String data) {
        return new Row(kind, writeId, 0, data, false, NEVER, "");
    }

    /** The name of a blob that holds a value. */
    static String blob(String value) {
        return "B:" + value;
    }

    static String valueOf(String blob) {
        return blob.substring(2);
    }

    Version version() {
        return new Version(writeId, bump);
    }

    boolean isAbsent() {
        return kind == Kind.ABSENT;
    }

    /** Absent, or a marker that a bump left where a row was absent: no trace of a write. */
    boolean hasNoWrite() {
        return writeId.equals(NO_WRITE);
    }

    @Nullable
    String target() {
        return kind == Kind.TOMBSTONE ? data : null;
    }

    boolean pointsTo(@Nullable String blob) {
        return blob != null && blob.equals(target());
    }

    /** Written under a precondition, which the write id tells. */
    boolean isConditional() {
        return writeId.indexOf(CONDITIONAL) >= 0;
    }

    /** What becomes garbage when this row is replaced. */
    List<String> targets() {
        String target = target();
        return target == null ? List.of() : List.of(target);
    }

    boolean hasValue() {
        return (kind == Kind.INLINE || kind == Kind.TOMBSTONE) && !dead;
    }

    boolean expires() {
        return hasValue() && deadline != NEVER;
    }

    /** Expired by a clock that shows {@code now}. */
    boolean isExpired(int now) {
        return dead || deadline <= now;
    }

    /** What a reader gets, given that the blob is there. */
    String content() {
        String value = kind == Kind.TOMBSTONE ? valueOf(String.valueOf(data)) : String.valueOf(data);
        return value + meta;
    }

    /** The same value, the next version. */
    Row bumped() {
        return isAbsent()
                ? new Row(Kind.MARKER, NO_WRITE, RANDOM, null, false, NEVER, "")
                : new Row(kind, writeId, bump + 1, data, dead, deadline, meta);
    }

    Row asDead() {
        return new Row(kind, writeId, bump, data, true, deadline, meta);
    }

    Row asMarker() {
        return new Row(Kind.MARKER, writeId, bump, null, false, NEVER, "");
    }

    Row withDeadline(int tick) {
        return new Row(kind, writeId, bump, data, dead, tick, meta);
    }

    Row withMeta(String text) {
        return new Row(kind, writeId, bump, data, dead, deadline, text);
    }

    Row withBump(int counter) {
        return new Row(kind, writeId, counter, data, dead, deadline, meta);
    }

    Row withWriteId(String id) {
        return new Row(kind, id, 0, data, dead, deadline, meta);
    }

    @Override
    public String toString() {
        return kind + "(" + writeId + "." + bump + (data == null ? "" : " " + data) + meta
                + (dead ? " dead" : deadline == NEVER ? "" : " until " + deadline) + ")";
    }
}
