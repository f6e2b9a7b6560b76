// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.FileRegion;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes calls fail as a {@link FaultPlan} says. One injector may wrap the backends of all roles; the plan tells them apart
 * by {@link SpiCall#role()}.
 *
 * <p>A call that would have failed by itself keeps its own error. A test should assert {@link #injected} at its end: a plan
 * whose fault never took place has tested nothing.
 */
public final class FaultInjector implements SpiInterceptor {

    private final LateCalls late = new LateCalls();
    private final Map<Fault, Long> injected = new ConcurrentHashMap<>();
    private final AtomicLong injectedIntoBodies = new AtomicLong();
    private volatile FaultPlan plan;

    public FaultInjector(FaultPlan plan) {
        this.plan = plan;
    }

    /** From now on, calls go by another plan; {@link FaultPlan#none()} heals. What is held back stays held back. */
    public void follow(FaultPlan next) {
        this.plan = next;
    }

    /** The calls that have not reached their backend yet. */
    public LateCalls late() {
        return late;
    }

    /** How many calls met this fault, or went well without one. */
    public long injected(Fault fault) {
        return injected.getOrDefault(fault, 0L);
    }

    /** How many bodies were cut short so far. */
    public long injectedIntoBodies() {
        return injectedIntoBodies.get();
    }

    @Override
    public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
        return switch (decide(call)) {
            case OK -> invocation;
            case FAIL_NOT_APPLIED -> Mono.error(Answers.notApplied(call));
            case LOST -> Mono.error(Answers.noAnswer(call));
            case APPLIED_THEN_LOST ->
                invocation.flatMap(Answers::discard).then(Mono.error(() -> Answers.noAnswer(call)));
            case LATE -> hold(call, invocation).then(Mono.error(() -> Answers.noAnswer(call)));
            case HANG -> hold(call, invocation).then(Mono.never());
            case REPEATED -> repeat(invocation, true);
            case REPEATED_UNSEEN -> repeat(invocation, false);
        };
    }

    @Override
    public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
        Mono<T> broken = Mono.error(() -> Answers.noAnswer(call));
        return switch (decide(call)) {
            case FAIL_NOT_APPLIED -> Flux.error(Answers.notApplied(call));
            case LOST -> invocation.take(1).concatWith(broken);
            case APPLIED_THEN_LOST -> invocation.concatWith(broken);
            default -> invocation;
        };
    }

    @Override
    public Mono<BlobInfo> aroundPut(
            SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<BlobInfo>> put) {
        return aroundBody(call, body, gate, put);
    }

    @Override
    public Mono<UploadedPart> aroundPart(SpiCall call, Payload body, Function<Payload, Mono<UploadedPart>> upload) {
        return aroundBody(call, body, CommitGate.OPEN, (bytes, gate) -> upload.apply(bytes));
    }

    private <T> Mono<T> aroundBody(
            SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<T>> put) {
        Fault fault = decide(call);
        Mono<T> invocation = Mono.defer(() -> put.apply(body, gate));
        return switch (fault) {
            case FAIL_NOT_APPLIED -> Mono.error(Answers.notApplied(call));
            case LOST -> Uploads.swallow(body, gate).then(Mono.error(() -> Answers.noAnswer(call)));
            case LATE -> holdPut(call, body, gate, put).then(Mono.error(() -> Answers.noAnswer(call)));
            case HANG -> holdPut(call, body, gate, put).then(Mono.never());
            case APPLIED_THEN_LOST -> invocation.then(Mono.error(() -> Answers.noAnswer(call)));
            default -> {
                BodyFault bodyFault = plan.bodyFaultFor(call);
                yield bodyFault.kind() == BodyFault.Kind.NONE
                        ? invocation
                        : Uploads.breakOff(body, bodyFault, () -> strike(call), broken -> put.apply(broken, gate));
            }
        };
    }

    @Override
    public BlobContent opened(SpiCall get, BlobContent content) {
        BodyFault fault = plan.bodyFaultFor(get);
        return fault.kind() == BodyFault.Kind.NONE ? content : new BrokenContent(content, get, fault);
    }

    private Fault decide(SpiCall call) {
        Fault fault = plan.faultFor(call);
        if (!fault.appliesTo(call.operation())) {
            throw new IllegalStateException("the plan wants " + fault + " for " + call);
        }
        injected.merge(fault, 1L, Long::sum);
        return fault;
    }

    private TerraceException strike(SpiCall call) {
        injectedIntoBodies.incrementAndGet();
        return Answers.notApplied(call);
    }

    private <T> Mono<Void> hold(SpiCall call, Mono<T> invocation) {
        return Mono.deferContextual(context -> {
            late.hold(call, invocation.contextWrite(context));
            return Mono.empty();
        });
    }

    private <T> Mono<Void> holdPut(
            SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<T>> put) {
        return Uploads.collect(body, gate)
                .flatMap(bytes -> hold(call, Mono.defer(() -> put.apply(Payload.of(bytes), CommitGate.OPEN))));
    }

    private static <T> Mono<T> repeat(Mono<T> invocation, boolean seen) {
        return invocation.then(invocation.map(answer -> Answers.afterAmbiguousAttempt(answer, seen)));
    }

    /** Content whose body breaks; it lies in no file, since a file would not break. */
    private final class BrokenContent extends ForwardedContent {
        private final SpiCall get;
        private final BodyFault fault;

        BrokenContent(BlobContent content, SpiCall get, BodyFault fault) {
            super(content);
            this.get = get;
            this.fault = fault;
        }

        @Override
        public Flux<ByteBuffer> body() {
            return fault.applyTo(super.body(), () -> strike(get));
        }

        @Override
        public Optional<FileRegion> file() {
            return Optional.empty();
        }
    }
}
