// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * Replaces the metadata: a bump, which keeps the write id and the value.
 *
 * @param token the version that the client has seen, {@code null} for any
 * @param seen what the object was then
 */
record UpdateMetadata(
        String name, Row.@Nullable Version token, @Nullable String seen) implements Script {
    private static final int ATTEMPTS = 3;

    UpdateMetadata(String name) {
        this(name, null, null);
    }

    /** A client that reads the object and replaces the metadata of what it has read. */
    record AfterGet(String name) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            String get = name + "-get";
            io.ask(new Op.Get(get));
            Row row = io.readRow();
            if (!row.hasValue() || row.isExpired(0)) {
                io.answer(get, Op.NOT_FOUND);
                return null;
            }
            io.answer(get, row.content());
            return new UpdateMetadata(name, row.version(), row.content());
        }
    }

    @Override
    public @Nullable Script run(Calls io) {
        String meta = "+" + name;
        io.ask(new Op.UpdateMetadata(name, meta, seen));
        for (int i = 0; i < ATTEMPTS; i++) {
            int now = Clock.now(io, 0);
            Row row = io.readRow();
            if (!row.hasValue() || row.isExpired(now)) {
                io.answer(name, Op.NOT_FOUND);
                return null;
            }
            if (token != null && !matches(io, token, row.version())) {
                io.answer(name, Op.REFUSED);
                return null;
            }
            Row next = io.breaks(Rule.METADATA_WITH_FRESH_WRITE_ID) ? row.withWriteId(name + i) : row.bumped();
            Boolean applied = io.send(new RowCalls.Bump(row.version(), next.withMeta(meta)));
            if (applied == null || applied) {
                io.answer(name, applied == null ? Op.UNKNOWN : Op.OK);
                return null;
            }
        }
        io.answer(name, Op.NOT_APPLIED);
        return null;
    }

    private static boolean matches(Calls io, Row.Version token, Row.Version version) {
        return io.breaks(Rule.TOKEN_WITHOUT_BUMP) ? token.writeId().equals(version.writeId()) : token.equals(version);
    }
}
