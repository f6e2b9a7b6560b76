// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The tiers, the network to them and the clock. One thread does everything; what happens next is drawn from the seed, so
 * the same seed is the same run.
 */
final class SimulatedWorld {

    /** Values of up to this many bytes are inline. */
    static final int THRESHOLD = 8;

    /** While there are faults left, this part of the requests is struck. */
    private static final int FAULT_ONE_IN = 8;

    /** How often a request that nobody waits for is passed over. */
    private static final int PATIENCE = 12;

    /** More steps than this after the last request of a client mean that the engine does not come to rest. */
    private static final int MOST_STEPS = 20_000;

    /** The invariant that broke. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    final Random random;
    final ManualRuntime runtime;
    final InMemoryRows memoryRows;
    final HighVolumeBackend rows;
    final InMemoryBlobs blobs;
    final InMemoryChangeLog log = InMemoryChangeLog.create();
    final RowChain chain = new RowChain();
    private final SimulationSchedule schedule;
    private final List<SimulatedCall<?>> pending = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private int faults;
    private long step;

    boolean lateBlobPut;
    boolean logFault;

    SimulatedWorld(long seed, SimulationRules rules, SimulationSchedule schedule, boolean tracing) {
        this.random = new Random(seed);
        this.runtime = new ManualRuntime(seed);
        this.schedule = schedule;
        this.faults = schedule.faults();
        this.tracing = tracing;
        this.blobs = InMemoryBlobs.builder(runtime).build();
        this.memoryRows = InMemoryRows.builder(runtime)
                .reportObserved(schedule.reportObserved())
                .markerRetention(rules.markerRetention())
                .build();
        this.rows = rules.stores().apply(memoryRows, runtime);
    }

    long step() {
        return step;
    }

    void note(String what) {
        if (tracing) {
            trace.add(step + " " + what);
        }
    }

    List<String> trace() {
        return trace;
    }

    <T> Mono<T> send(SimulatedProcess process, SpiCall what, Mono<T> delegate) {
        return Mono.create(sink -> {
            if (process.alive) {
                SimulatedCall<T> call = new SimulatedCall<>(process, what, delegate, sink);
                sink.onCancel(call::forgetCaller);
                pending.add(call);
            }
        });
    }

    /** Sometimes the connection breaks, or ends early, after the first byte. */
    BlobContent breakable(BlobContent content) {
        boolean early = random.nextBoolean();
        return !strikes(SpiOperation.BLOB_GET, 4)
                ? content
                : new BlobContent() {
                    @Override
                    public BlobInfo info() {
                        return content.info();
                    }

                    @Override
                    public @Nullable ContentRange range() {
                        return content.range();
                    }

                    @Override
                    public Flux<ByteBuffer> body() {
                        Flux<ByteBuffer> first = content.body().take(1).map(b -> b.slice(0, 1));
                        return early
                                ? first
                                : first.concatWith(Flux.error(
                                        new BackendUnavailableException("sim", "broken", Determinacy.NOT_APPLIED)));
                    }

                    @Override
                    public Mono<Void> discard() {
                        return content.discard();
                    }
                };
    }

    private boolean strikes(SpiOperation operation, int oneIn) {
        if (faults > 0 && schedule.mayStrike(operation) && random.nextInt(oneIn) == 0) {
            faults--;
            return true;
        }
        return false;
    }

    /** No faults until more are granted. Answers with how many were left. */
    int withoutFaults() {
        int left = faults;
        faults = 0;
        return left;
    }

    void faults(int granted) {
        faults = granted;
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** One thing happens: a request arrives, an answer is delivered, or, if asked for or nothing else can, time passes. */
    boolean advance(boolean preferTimer) {
        if (++step > MOST_STEPS) {
            throw new Violation("does not come to rest: " + pending);
        }
        if (pending.isEmpty() || preferTimer) {
            Duration next = runtime.untilNextTimer().orElse(null);
            if (next == null && pending.isEmpty()) {
                return false;
            }
            if (next != null) {
                note("time passes: " + next);
                runtime.advance(next);
                return true;
            }
        }
        SimulatedCall<?> call = next();
        if (call.isAnswered()) {
            note("answer  " + call);
            call.deliver();
            return true;
        }
        arrive(call);
        return true;
    }

    /** Any, but mostly one that somebody waits for: what is late does harm only if it is really late. */
    private SimulatedCall<?> next() {
        SimulatedCall<?> call = pending.get(random.nextInt(pending.size()));
        for (int i = 0; i < PATIENCE && call.isOrphaned(); i++) {
            call = pending.get(random.nextInt(pending.size()));
        }
        pending.remove(call);
        return call;
    }

    private void arrive(SimulatedCall<?> call) {
        if (call.isOrphaned()) {
            note("arrives late, for nobody: " + call);
            lateBlobPut |= call.what.operation() == SpiOperation.BLOB_PUT;
            call.apply();
            look();
            return;
        }
        SimulatedCall.Fault fault = strikes(call.what.operation(), oneIn()) ? fault(call) : SimulatedCall.Fault.NONE;
        boolean stays = call.arrive(fault);
        look();
        note("arrives " + call + (fault == SimulatedCall.Fault.NONE ? "" : "   [" + fault + "]"));
        if (stays) {
            pending.add(call.again());
        }
        // Half of the answers come at once, so that runs stay short; the other half may be overtaken.
        if (random.nextBoolean()) {
            call.deliver();
        } else {
            pending.add(call);
        }
    }

    /** Where few operations may be struck, each is struck more often. */
    private int oneIn() {
        return schedule.family() == SimulationSchedule.Family.ABSENT_AGAIN ? 2 : FAULT_ONE_IN;
    }

    private SimulatedCall.Fault fault(SimulatedCall<?> call) {
        SpiOperation operation = call.what.operation();
        if (!operation.writes()) {
            return SimulatedCall.Fault.NOT_APPLIED;
        }
        if (schedule.family() == SimulationSchedule.Family.ABSENT_AGAIN) {
            return random.nextBoolean() ? SimulatedCall.Fault.LATE : SimulatedCall.Fault.REPEATED_THEN_LATE;
        }
        boolean repeatable = operation == SpiOperation.ROW_CAS || operation == SpiOperation.ROW_BUMP;
        SimulatedCall.Fault[] all = SimulatedCall.Fault.values();
        SimulatedCall.Fault fault = all[1 + random.nextInt(repeatable ? all.length - 1 : all.length - 3)];
        logFault |= call.what.role().equals(BackendRole.CHANGE_LOG);
        return fault;
    }

    /** A process dies: it hears of nothing any more, and of its requests under way some arrive and some do not. */
    void kill(SimulatedProcess process) {
        note("CRASH of " + process);
        process.alive = false;
        List<SimulatedCall<?>> its =
                pending.stream().filter(call -> call.process == process).toList();
        for (SimulatedCall<?> call : its) {
            boolean arrives = !call.isAnswered() && call.what.operation().writes() && random.nextBoolean();
            call.forgetCaller();
            if (!arrives) {
                pending.remove(call);
            }
        }
    }

    /** Lets every request that is under way arrive: what a marker retention of a day amounts to. */
    void land() {
        step++;
        for (SimulatedCall<?> call : List.copyOf(pending)) {
            if (!call.isAnswered()) {
                pending.remove(call);
                note("arrives " + call);
                if (call.isOrphaned()) {
                    lateBlobPut |= call.what.operation() == SpiOperation.BLOB_PUT;
                    call.apply();
                } else {
                    call.arrive(SimulatedCall.Fault.NONE);
                    pending.add(call);
                }
                look();
            }
        }
    }

    /** Runs until nothing is under way and nothing waits for time to pass. */
    void rest() {
        boolean moved;
        do {
            moved = advance(false);
        } while (moved);
    }

    /** Runs this to its end, in a world without faults. */
    <T> @Nullable T finish(Mono<T> work) {
        List<Object> ended = new ArrayList<>();
        List<T> value = new ArrayList<>();
        work.subscribe(value::add, ended::add, () -> ended.add("completed"));
        while (ended.isEmpty()) {
            if (!advance(false)) {
                throw new Violation("never ends: " + work);
            }
        }
        if (ended.get(0) instanceof Throwable error) {
            throw new Violation("failed without a fault: " + error);
        }
        return value.isEmpty() ? null : value.get(0);
    }

    RowHead head(ObjectId id) {
        return new Tiers(memoryRows, blobs, log, runtime, Settings.DEFAULTS, Rules.ALL)
                .head(id)
                .blockOptional()
                .orElse(RowHead.ABSENT);
    }

    private void look() {
        List<RowListing.ListedRow> all =
                Objects.requireNonNull(memoryRows.scan("", "").collectList().block());
        chain.observe(
                step,
                runtime.nowMicros(),
                all.isEmpty() ? RowHead.ABSENT : all.get(0).head());
        for (RowListing.ListedRow row : all) {
            BlobId target = row.head().target();
            if (target != null && !row.head().deadline().isDead() && !exists(target)) {
                throw new Violation("dangling: " + row.head());
            }
        }
    }

    boolean exists(BlobId blob) {
        return Boolean.TRUE.equals(blobs.head(blob).hasElement().block());
    }

    List<BlobId> orphans() {
        return Objects.requireNonNull(blobs.list("").collectList().block()).stream()
                .filter(blob -> !blob.equals(head(blob.object()).target()))
                .toList();
    }

    /** Records of uploads, and sessions of the store. */
    long uploads() {
        UploadSessionListing listing = blobs.facet(UploadSessionListing.class).orElseThrow();
        return Objects.requireNonNull(log.uploads()
                        .scan(ScanScope.ALL, Long.MAX_VALUE)
                        .count()
                        .block())
                + Objects.requireNonNull(listing.sessions("").count().block());
    }

    long openEntries() {
        return Objects.requireNonNull(log.scan(ScanScope.ALL).count().block());
    }
}
