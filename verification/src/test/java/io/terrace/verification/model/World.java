// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Everything but the actors: three tiers, what is under way, and what the clients have seen. Immutable, like its parts. */
record World(Rows rows, Blobs blobs, Log log, Flight flight, History history) {

    Row row() {
        return rows.row;
    }

    /**
     * The tier of rows.
     *
     * @param outlives what was under way when the row was written; only kept if markers are collected (R13)
     * @param drawn how many random numbers were drawn; only counted if markers are collected
     */
    record Rows(Row row, Set<Object> outlives, int drawn) {}

    /** The tier of blobs: those that are visible, and the sessions of multipart uploads. */
    record Blobs(SortedSet<String> visible, SortedSet<String> sessions) {}

    /**
     * The change log, which is one shard.
     *
     * @param epoch raised by a take-over; whoever wrote in an earlier one is fenced
     * @param retired a take-over has resolved every entry, and nobody looks at the shard again
     */
    record Log(SortedMap<String, LogRecord> records, int epoch, boolean retired, boolean pinned) {

        Log with(String id, @Nullable LogRecord entry) {
            SortedMap<String, LogRecord> copy = new TreeMap<>(records);
            if (entry == null) {
                copy.remove(id);
            } else {
                copy.put(id, entry);
            }
            return new Log(copy, epoch, retired, pinned);
        }
    }

    /**
     * What is going on.
     *
     * @param late requests without an answer that are still to be carried out
     * @param live the actors that are not done, if markers are collected
     * @param committing those that have sent a compare-and-set or have been claimed, if markers are collected
     */
    record Flight(List<Late> late, Set<String> live, Set<String> committing, int now, int faults, int crashes) {

        Flight later(Late request) {
            List<Late> copy = new ArrayList<>(late);
            copy.add(request);
            copy.sort(Comparator.comparing(Late::toString));
            return new Flight(copy, live, committing, now, faults, crashes);
        }

        Flight landed(int index) {
            List<Late> copy = new ArrayList<>(late);
            copy.remove(index);
            return new Flight(copy, live, committing, now, faults, crashes);
        }

        Flight without(String actor) {
            return new Flight(late, minus(live, actor), committing, now, faults, crashes);
        }

        Flight commits(String actor) {
            return new Flight(late, live, plus(committing, actor), now, faults, crashes);
        }

        Flight at(int tick) {
            return new Flight(late, live, committing, tick, faults, crashes);
        }

        Flight faulted() {
            return new Flight(late, live, committing, now, faults + 1, crashes);
        }

        Flight crashed() {
            return new Flight(late, live, committing, now, faults, crashes + 1);
        }

        /** What a row that is written now must outlive as a marker. */
        Set<Object> underWay() {
            Set<Object> result = new HashSet<>(late);
            committing.stream().filter(live::contains).forEach(result::add);
            return result;
        }

        /** Whether any of this is still under way. */
        boolean isUnderWay(Set<Object> earlier) {
            return late.stream().anyMatch(l -> earlier.contains(l) || earlier.contains(l.owner))
                    || live.stream().anyMatch(earlier::contains);
        }
    }

    /** A request that is carried out after its sender gave it up. */
    record Late(Rpc<?> request, String owner) {}

    World with(Row row, Rules rules) {
        boolean collected = rules.has(Rules.Option.MARKER_COLLECTION);
        int drawn = rows.drawn;
        Row written = row;
        if (row.bump() == Row.RANDOM) {
            boolean random = collected && !rules.breaks(Rule.ABSENT_BUMP_STARTS_AT_ONE);
            drawn += random ? 1 : 0;
            written = row.withBump(random ? drawn * 1000 : 1);
        }
        return with(new Rows(written, collected ? flight.underWay() : Set.of(), drawn));
    }

    World with(Rows changed) {
        return new World(changed, blobs, log, flight, history);
    }

    World with(Blobs changed) {
        return new World(rows, changed, log, flight, history);
    }

    World with(Log changed) {
        return new World(rows, blobs, changed, flight, history);
    }

    World with(Flight changed) {
        return new World(rows, blobs, log, changed, history);
    }

    World with(History changed) {
        return new World(rows, blobs, log, flight, changed);
    }

    static SortedSet<String> plus(Set<String> set, String element) {
        SortedSet<String> copy = new TreeSet<>(set);
        copy.add(element);
        return copy;
    }

    static SortedSet<String> minus(Set<String> set, String element) {
        SortedSet<String> copy = new TreeSet<>(set);
        copy.remove(element);
        return copy;
    }
}
