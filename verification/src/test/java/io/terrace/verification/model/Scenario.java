// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Upload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is searched: a start, actors, what may go wrong, and who cleans up in the end. */
final class Scenario {

    final String name;
    final Rules rules;
    final Map<String, Script> actors = new LinkedHashMap<>();
    final Set<Class<?>> faulty = new HashSet<>();
    final Set<String> mortal = new HashSet<>();
    final List<Script> janitor = new ArrayList<>();
    final Set<Op> pending = new HashSet<>();
    Start start = Start.ABSENT;
    int faults;
    boolean multipart;
    boolean answersChecked = true;
    boolean logChecked = true;
    boolean deadChecked;

    Scenario(String name, Rules rules) {
        this.name = name;
        this.rules = rules;
    }

    Scenario from(Start row) {
        start = row;
        return this;
    }

    Scenario actor(String actor, Script script) {
        actors.put(actor, script);
        return this;
    }

    /** Up to so many of these requests are lost, or carried out without an answer, now or later. */
    Scenario faults(int most, List<Class<?>> requests) {
        faults = most;
        faulty.addAll(requests);
        return this;
    }

    /** One of these may die, at any time. */
    Scenario mortal(String... who) {
        mortal.addAll(List.of(who));
        return this;
    }

    /** Runs in each final state, without faults, before it is looked at. */
    Scenario janitor(Script... scripts) {
        janitor.addAll(List.of(scripts));
        return this;
    }

    Scenario pending(Op op) {
        pending.add(op);
        return this;
    }

    /** There is an open upload. */
    Scenario multipart() {
        multipart = true;
        return this;
    }

    /** For clocks that differ: what is gone for one is there for another. */
    Scenario withoutAnswers() {
        answersChecked = false;
        return this;
    }

    /** Faults of the log leave entries. */
    Scenario withoutLog() {
        logChecked = false;
        return this;
    }

    /** The sweep leaves no row that is dead. */
    Scenario deadChecked() {
        deadChecked = true;
        return this;
    }

    World world() {
        TreeSet<String> blobs = new TreeSet<>(start.row().targets());
        TreeSet<String> sessions = new TreeSet<>();
        TreeMap<String, LogRecord> log = new TreeMap<>();
        if (multipart) {
            sessions.add(Complete.UPLOAD);
            log.put(Complete.UPLOAD, Upload.open(Complete.BLOB));
        }
        boolean collected = rules.has(Rules.Option.MARKER_COLLECTION);
        return new World(
                new World.Rows(start.row(), Set.of(), 0),
                new World.Blobs(blobs, sessions),
                new World.Log(log, 0, false, false),
                new World.Flight(List.of(), collected ? new TreeSet<>(actors.keySet()) : Set.of(), Set.of(), 0, 0, 0),
                answersChecked ? History.startingWith(content(start.row()), pending) : History.UNCHECKED);
    }

    static @Nullable String content(Row row) {
        return row.hasValue() && !row.isExpired(0) ? row.content() : null;
    }

    @Override
    public String toString() {
        return name;
    }
}
