// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * R8: reads the object. The clock is read before the row: a row that is read first may be renewed, and the clock pass the
 * old deadline, before the two are compared.
 *
 * @param skew how far the reader's clock is ahead
 * @param times how often it reads, one after the other
 */
record Get(String name, int skew, int times) implements Script {
    private static final int ATTEMPTS = 4;

    Get(String name) {
        this(name, 0, 1);
    }

    @Override
    public @Nullable Script run(Calls io) {
        String op = name + times;
        io.ask(new Op.Get(op));
        io.answer(op, read(io));
        return times == 1 ? null : new Get(name, skew, times - 1);
    }

    private String read(Calls io) {
        for (int i = 0; i < ATTEMPTS; i++) {
            int now = io.breaks(Rule.CLOCK_READ_AFTER_ROW) ? 0 : Clock.now(io, skew);
            Row row = io.readRow();
            if (io.breaks(Rule.CLOCK_READ_AFTER_ROW)) {
                now = Clock.now(io, skew);
            }
            if (!row.hasValue() || row.isExpired(now)) {
                return Op.NOT_FOUND;
            }
            String target = row.target();
            if (target == null || io.isTrue(new BlobCalls.Exists(target))) {
                return row.content();
            }
            if (io.breaks(Rule.MISSING_BLOB_MEANS_ABSENT)) {
                return Op.NOT_FOUND;
            }
        }
        io.violation("a read found no blob for " + ATTEMPTS + " states of the row");
        return Op.UNKNOWN;
    }
}
