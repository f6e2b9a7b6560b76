// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Determinacy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.spi.BlobId;
import io.terrace.spi.Retries;
import io.terrace.spi.RowHead;
import io.terrace.testkit.check.History;
import io.terrace.testkit.check.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One run of the real engine in a simulated world: clients, crashes, recoveries, sweepers and checkpoints in an order drawn
 * from a seed, then rest, then a recovery, and then everything must be in order.
 */
final class Simulation {

    private static final ObjectId OBJECT = ObjectId.of(ObjectContext.of("simulated"), "object");
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int JANITOR_PASSES = 5;

    private final SimulationRules rules;
    private final Random random;
    private final SimulatedWorld world;
    private final SimulationSchedule schedule;
    private final History history = new History();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedProcess> owners = new ArrayList<>();
    private final List<SimulationSchedule.Event> events;
    private int values;
    private boolean crashed;
    private boolean recovered;
    private boolean maintenanceFailed;
    private SimulatedWorld.@Nullable Violation violation;

    private Simulation(long seed, SimulationRules rules, SimulationSchedule.@Nullable Family family, boolean tracing) {
        // The first draws of neighbouring seeds are alike; scattered seeds are not.
        Random scattered = new Random(seed * 0x9E3779B97F4A7C15L);
        this.rules = rules;
        this.schedule =
                family == null ? SimulationSchedule.draw(scattered) : SimulationSchedule.draw(scattered, family);
        this.world = new SimulatedWorld(scattered.nextLong(), rules, schedule, tracing);
        this.random = world.random;
        this.events = new ArrayList<>(schedule.events());
    }

    /** Runs a seed. Throws a violation if anything is not as it must be; its message says how to run it again. */
    static void run(long seed, SimulationRules rules, boolean tracing) {
        run(seed, rules, null, tracing);
    }

    /** The same with a schedule of one family only. */
    static void run(long seed, SimulationRules rules, SimulationSchedule.@Nullable Family family, boolean tracing) {
        Simulation simulation = new Simulation(seed, rules, family, tracing);
        try {
            simulation.play();
            simulation.settle();
            simulation.inspect();
        } catch (AssertionError | RuntimeException broken) {
            SimulatedWorld.Violation named = new SimulatedWorld.Violation("seed " + seed + ", " + simulation.schedule
                    + ": " + broken.getMessage() + (tracing ? "\n" + String.join("\n", simulation.world.trace()) : ""));
            named.initCause(broken);
            throw named;
        }
    }

    private void play() {
        start();
        for (int i = 0; i < schedule.processes(); i++) {
            startProcess();
        }
        for (int i = 0; i < schedule.clients(); i++) {
            clients.add(new SimulatedClient(i, world, history, OBJECT, schedule.operations(), this::anyAlive));
            owners.add(processes.get(0));
        }
        while (!clients.stream().allMatch(SimulatedClient::isDone) || !events.isEmpty()) {
            if (random.nextInt(4) == 0) {
                begin();
            } else if (!events.isEmpty() && random.nextInt(8) == 0) {
                happen(events.remove(random.nextInt(events.size())));
            } else {
                boolean moved = world.advance(random.nextInt(12) == 0);
                if (!moved && events.isEmpty() && clients.stream().noneMatch(SimulatedClient::canBegin)) {
                    throw new SimulatedWorld.Violation("a client waits for ever");
                }
            }
            rethrow();
        }
    }

    private void rethrow() {
        if (violation != null) {
            throw violation;
        }
        clients.forEach(SimulatedClient::rethrow);
    }

    /** Puts the object into its first state, in a world where nothing goes wrong. */
    private void start() {
        SimulationSchedule.Start start = schedule.start();
        if (start == SimulationSchedule.Start.ABSENT) {
            return;
        }
        int faults = world.withoutFaults();
        TieredObjectStore store = new SimulatedProcess("first", world, Rules.ALL, false).store;
        String value = start.isLarge() ? "large value 0" : "s0";
        ObjectMetadata metadata = ObjectMetadata.builder()
                .custom("value", value)
                .expiration(start.policy())
                .build();
        world.finish(history.put(OBJECT.storagePath(), value, store.put(OBJECT, metadata, Payload.ofText(value))));
        if (start == SimulationSchedule.Start.MARKER) {
            world.finish(history.delete(OBJECT.storagePath(), store.delete(OBJECT)));
        }
        if (start.isExpired()) {
            expire(SimulationSchedule.LIFETIME);
        }
        if (start.isIdle()) {
            lull();
        }
        world.rest();
        world.faults(faults);
    }

    private SimulatedProcess startProcess() {
        SimulatedProcess process = new SimulatedProcess("p" + processes.size(), world, rules.engine(), schedule.pins());
        processes.add(process);
        return process;
    }

    private SimulatedProcess anyAlive() {
        List<SimulatedProcess> alive = processes.stream().filter(p -> p.alive).toList();
        return alive.isEmpty() ? startProcess() : alive.get(random.nextInt(alive.size()));
    }

    private void begin() {
        int which = random.nextInt(clients.size());
        SimulatedClient client = clients.get(which);
        if (client.canBegin()) {
            SimulatedProcess process = anyAlive();
            owners.set(which, process);
            client.begin(process, schedule, ++values);
        }
    }

    private void happen(SimulationSchedule.Event event) {
        switch (event) {
            case RECOVER -> recover(anyAlive());
            case SWEEP -> maintain("sweep", anyAlive().store.sweep());
            case CRASH -> crash(anyAlive());
            case LULL -> lull();
            case FADE -> expire(SimulationSchedule.LIFETIME.minus(SimulationSchedule.LULL));
            case EXPIRE -> expire(SimulationSchedule.LIFETIME);
            case AGE -> age();
            case COLLECT -> collect();
            case CHECKPOINT -> checkpoint(anyAlive());
            case CANCEL -> clients.get(random.nextInt(clients.size())).cancel();
        }
    }

    private void recover(SimulatedProcess process) {
        recovered = true;
        maintain("recovery", process.store.recover().doOnNext(report -> maintenanceFailed |= report.failed() > 0));
    }

    private void maintain(String what, Mono<?> work) {
        world.note(what);
        work.subscribe(report -> world.note(what + ": " + report), error -> {
            world.note(what + ": " + error);
            maintenanceFailed = true;
            boolean honest = error instanceof TerraceException known
                    && (known.retryable() || known.determinacy() == Determinacy.UNKNOWN);
            if (!honest) {
                violation = new SimulatedWorld.Violation(what + ": " + error);
            }
        });
    }

    private void crash(SimulatedProcess process) {
        crashed = true;
        world.kill(process);
        for (int i = 0; i < clients.size(); i++) {
            if (owners.get(i) == process || clients.get(i).uses(process)) {
                clients.get(i).cancel();
            }
        }
        if (random.nextBoolean()) {
            recover(startProcess());
        }
    }

    /** To a reader, every value with a lifetime is as good as deleted now, or when it is written. */
    private void expire(Duration passing) {
        world.note("values expire");
        for (int i = 0; i <= values; i++) {
            history.delete(OBJECT.storagePath());
        }
        world.runtime.advance(passing.plusSeconds(1));
    }

    private void lull() {
        world.note("nobody comes for a while");
        world.runtime.advance(SimulationSchedule.LULL);
    }

    /** So much time passes that what is under way now is over, and every marker of today may be collected. */
    private void age() {
        world.note("more than a marker retention passes");
        world.land();
        world.runtime.advance(SimulationRules.ALL.markerRetention().plusHours(1));
        if (schedule.expiring()) {
            expire(SimulationSchedule.LIFETIME);
        }
    }

    private void collect() {
        world.note("markers are collected");
        // Those of this very instant are not yet older than a retention of zero.
        world.runtime.advance(Duration.ofMillis(1));
        world.memoryRows.collectMarkers().block();
    }

    /** Pins, reads what the object is, copies it at leisure, unpins, and drains what was deferred meanwhile. */
    private void checkpoint(SimulatedProcess process) {
        String name = "checkpoint " + random.nextInt(1000);
        Mono<Void> pin = process.pins().pin(name);
        Mono<RowHead> read = process.head(OBJECT);
        Mono<RowHead> pinned = rules.pinBeforeRead() ? pin.then(read) : read.delayUntil(head -> pin);
        Mono<Void> copied = pinned.flatMap(head -> {
            BlobId target = head.isLiveAt(world.runtime.nowMicros()) ? head.target() : null;
            return target == null ? Mono.<Void>empty() : copy(process, target, 3);
        });
        Mono<Void> unpin = new Retries(world.runtime).of(process.pins().unpin(name));
        maintain(
                "checkpoint",
                copied.onErrorResume(error -> {
                            maintenanceFailed = true;
                            return Mono.empty();
                        })
                        .then(unpin)
                        .then(process.store.recover())
                        .doOnNext(report -> maintenanceFailed |= report.failed() > 0));
    }

    private Mono<Void> copy(SimulatedProcess process, BlobId target, int reads) {
        return process.exists(target).flatMap(exists -> {
            if (!exists) {
                violation = new SimulatedWorld.Violation("a pinned blob is gone: " + target);
            }
            return reads == 1 ? Mono.empty() : copy(process, target, reads - 1);
        });
    }

    private void settle() {
        world.withoutFaults();
        world.rest();
        rethrow();
        if (!crashed && !world.logFault && !maintenanceFailed && world.openEntries() > 0) {
            throw new SimulatedWorld.Violation("an entry was left though nothing crashed");
        }
        SimulatedProcess janitor = new SimulatedProcess("janitor", world, rules.engine(), schedule.pins());
        Objects.requireNonNull(world.log.pins().list().collectList().block())
                .forEach(pin -> world.finish(janitor.pins().unpin(pin)));
        for (int pass = 0; pass < JANITOR_PASSES && world.openEntries() > 0; pass++) {
            world.finish(janitor.store.recover());
        }
        if (rules.sweeps() && (world.lateBlobPut || (crashed && recovered))) {
            world.finish(janitor.store.sweep());
        }
        if (schedule.family().uploads()) {
            forgetUploads(janitor);
        }
        SimulatedClient last = new SimulatedClient(0, world, history, OBJECT, 0, () -> janitor);
        last.get(janitor);
        world.rest();
        last.rethrow();
        if (rules.sweeps() && schedule.expiring()) {
            expire(SimulationSchedule.LIFETIME);
            world.runtime.advance(Settings.CLOCK_SKEW);
            world.finish(janitor.store.sweep());
        }
        processes.add(janitor);
    }

    /** One window gives up what was left, and the next forgets it. */
    private void forgetUploads(SimulatedProcess janitor) {
        for (int pass = 0; pass < 2; pass++) {
            world.runtime.advance(Settings.DEFAULTS.uploadWindow().plusMinutes(1));
            world.finish(janitor.store.recover());
            world.finish(janitor.store.sweep());
        }
        if (world.uploads() > 0) {
            throw new SimulatedWorld.Violation("a trace of an upload is left after the window");
        }
    }

    private void inspect() {
        if (world.openEntries() > 0) {
            throw new SimulatedWorld.Violation("recovery leaves an entry");
        }
        List<BlobId> orphans = world.orphans();
        if (!orphans.isEmpty()) {
            throw new SimulatedWorld.Violation("orphan: " + orphans);
        }
        clients.forEach(SimulatedClient::checkDenied);
        RowHead row = world.head(OBJECT);
        if (rules.sweeps() && schedule.expiring() && row.target() != null && !row.isLiveAt(world.runtime.nowMicros())) {
            throw new SimulatedWorld.Violation("an expired object keeps its blob: " + row);
        }
        HistoryChecker.assertLinearizable(history);
        for (SimulatedProcess process : processes) {
            if (process.alive) {
                world.finish(process.store.closeLater(GRACE));
            }
        }
    }
}
