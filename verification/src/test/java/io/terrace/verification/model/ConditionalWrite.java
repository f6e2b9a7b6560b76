// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.Rules.Option;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R14: a put, or a delete if there is no value, of an object that is as required. Whatever refuses its compare-and-set ends
 * it.
 */
record ConditionalWrite(
        String name, boolean large, @Nullable String value, Condition condition) implements Script {

    /** A client that reads the object and replaces what it has read. */
    record AfterGet(String name, boolean large) implements Script {

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
            Condition same = new Condition(row.writeId(), Op.valueIn(row.content()));
            return new ConditionalWrite(name, large, Writers.value(name), same);
        }
    }

    @Override
    public @Nullable Script run(Calls io) {
        io.ask(new Op.PutIf(name, condition, value));
        int now = Clock.now(io, 0);
        Row base = io.readRow();
        if (!condition.holdsFor(base, now)) {
            io.answer(name, Op.REFUSED);
            return null;
        }
        Change change = large ? Change.large(name, String.valueOf(value), base) : Change.small(name, value, base);
        boolean recorded = large || base.target() != null;
        return new Checked(change, condition, recorded);
    }

    /**
     * The base is as required.
     *
     * @param recorded there is an entry, since there are blobs to answer for
     */
    private record Checked(Change change, Condition condition, boolean recorded) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            String blob = change.newBlob();
            boolean ready = !recorded || io.isTrue(new LogCalls.Append(change.name(), change.entry()));
            if (!ready || (blob != null && !io.isTrue(new BlobCalls.Put(blob)))) {
                io.answer(change.name(), Op.NOT_APPLIED);
                return new CleanUp(change.name(), blob, List.of(), false);
            }
            return new Ready(change, condition, recorded);
        }
    }

    private record Ready(Change change, Condition condition, boolean recorded) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            Row row = change.conditionalRow(0);
            RowCalls.Cas cas = new RowCalls.Cas(change.base().version(), row);
            Boolean applied = io.send(cas);
            boolean ambiguous = applied == null;
            if (ambiguous && io.rules().has(Option.CAS_REPEATED)) {
                applied = io.send(cas);
            }
            if (Boolean.TRUE.equals(applied)) {
                return ended(io, Op.OK, null, change.base().targets());
            }
            int now = Clock.now(io, 0);
            Row seen = io.readRow();
            boolean overtaken = !seen.writeId().equals(change.base().writeId());
            if (seen.pointsTo(change.newBlob()) || seen.writeId().equals(row.writeId())) {
                return ended(io, Op.OK, null, change.base().targets());
            }
            if (overtaken && io.breaks(Rule.CONDITION_SUPERSEDED)) {
                return ended(io, Op.OK, change.newBlob(), change.base().targets());
            }
            if (!overtaken && io.breaks(Rule.CONDITION_RETRIED)) {
                boolean again = io.isTrue(new RowCalls.Cas(seen.version(), change.conditionalRow(1)));
                return again
                        ? ended(io, Op.OK, null, change.base().targets())
                        : ended(io, Op.UNKNOWN, change.newBlob(), List.of());
            }
            if (ambiguous) {
                boolean guess = overtaken && io.breaks(Rule.UNANSWERED_CONDITION_FAILS);
                io.answer(change.name(), guess ? Op.REFUSED : Op.UNKNOWN);
                return recorded
                        ? new Settle(
                                change.name(),
                                change.newBlob(),
                                change.base().writeId(),
                                change.base().targets())
                        : null;
            }
            boolean refused = io.breaks(Rule.OVERTAKEN_MEANS_EXISTS) ? overtaken : !condition.holdsFor(seen, now);
            List<String> garbage =
                    io.breaks(Rule.REFUSED_CONDITION_RELEASES) ? change.base().targets() : List.of();
            return ended(io, refused ? Op.REFUSED : Op.NOT_APPLIED, change.newBlob(), garbage);
        }

        private @Nullable Script ended(Calls io, String answer, @Nullable String drop, List<String> oldBlobs) {
            io.answer(change.name(), answer);
            return recorded ? new CleanUp(change.name(), drop, oldBlobs, false) : null;
        }
    }
}
