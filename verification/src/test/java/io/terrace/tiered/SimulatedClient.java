// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.MetadataPatch;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.PutOptions;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import io.terrace.spi.RowHead;
import io.terrace.testkit.check.History;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does one thing after another to one object, and checks what it is told. */
final class SimulatedClient {

    /** Longer than any value. */
    static final int MOST_BYTES = 64;

    /** The client that reads on its own. */
    private static final int ALONE = 2;

    private static final String VALUE = "value";
    private static final String NOTE = "note";

    private final SimulatedWorld world;
    private final History history;
    private final ObjectId id;
    private final Random random;
    private final int client;
    private final Supplier<SimulatedProcess> anyProcess;
    private @Nullable SimulatedUpload upload;
    private int left;
    private int done;
    private String lastEtag = "";
    private final List<String> denied = new ArrayList<>();
    private @Nullable Disposable running;
    private boolean busy;
    private SimulatedWorld.@Nullable Violation violation;

    SimulatedClient(
            int client,
            SimulatedWorld world,
            History history,
            ObjectId id,
            int operations,
            Supplier<SimulatedProcess> anyProcess) {
        this.anyProcess = anyProcess;
        this.client = client;
        this.world = world;
        this.history = history;
        this.id = id;
        this.random = world.random;
        this.left = operations;
    }

    boolean isDone() {
        return left == 0 && !busy;
    }

    boolean canBegin() {
        return left > 0 && !busy;
    }

    void begin(SimulatedProcess process, SimulationSchedule schedule, int number) {
        left--;
        busy = true;
        SimulationSchedule.Action action = schedule.next(random, client, done++);
        if (schedule.conditional() && random.nextInt(4) == 0) {
            update(process, "note " + number, requirement(schedule));
            return;
        }
        switch (action) {
            case DELETE -> delete(process, requirement(schedule));
            case PUT_SMALL -> put(process, schedule, "s" + number);
            case UPLOAD -> upload("uploaded " + number);
            case PUT_LARGE -> put(process, schedule, "large value " + number);
            case HEAD -> run(process + " heads", history.get(key(), process.store.head(id), SimulatedClient::value));
            case GET -> get(process);
        }
    }

    void get(SimulatedProcess process) {
        busy = true;
        Mono<String> get = history.get(key(), process.store.withObject(id, GetOptions.all(), this::read), text -> text);
        run(process + " gets", inBulk() ? together(get, get) : get);
    }

    /** Two clients of three, each two gets at a time, so that these share a request for the row, and those of others may. */
    private boolean inBulk() {
        return client != ALONE;
    }

    /** Both begin before the engine looks which there are. */
    private <T> Mono<T> together(Mono<T> one, Mono<T> other) {
        return Flux.merge(one, other)
                .takeLast(1)
                .singleOrEmpty()
                .subscribeOn(world.runtime.timers())
                .contextWrite(CallOptions.asBulk());
    }

    private void put(SimulatedProcess process, SimulationSchedule schedule, String value) {
        ObjectMetadata.Builder metadata = ObjectMetadata.builder().custom(VALUE, value);
        if (schedule.expiring() && random.nextInt(3) == 0) {
            metadata.expiration(
                    random.nextBoolean()
                            ? ExpirationPolicy.timeToLive(SimulationSchedule.LIFETIME)
                            : ExpirationPolicy.timeToIdle(SimulationSchedule.LIFETIME));
        }
        Precondition required = requirement(schedule);
        long since = world.step() + 1;
        Mono<ObjectInfo> put = process.store
                .put(id, metadata.build(), payload(value), new PutOptions(required))
                .doOnNext(info -> {
                    if (!required.isNone()) {
                        world.chain.checkPut(required, since, info.etag());
                    }
                });
        run(process + " puts " + value + ", " + required, history.put(key(), value, refusable(put, required, since)));
    }

    private void upload(String value) {
        SimulatedUpload next = new SimulatedUpload(id, random, anyProcess);
        upload = next;
        ObjectMetadata metadata = ObjectMetadata.builder().custom(VALUE, value).build();
        run(
                "uploads " + value,
                next.begin(metadata, value).flatMap(begun -> history.put(key(), value, next.complete(begun))));
    }

    private void delete(SimulatedProcess process, Precondition required) {
        long since = world.step() + 1;
        Mono<Void> delete =
                process.store.delete(id, required).doOnSuccess(nothing -> world.chain.checkDelete(required, since));
        run(process + " deletes, " + required, history.delete(key(), refusable(delete, required, since)));
    }

    /** To the register it is a read: it answers with the value that it describes, and leaves it. */
    private void update(SimulatedProcess process, String note, Precondition required) {
        long since = world.step() + 1;
        Mono<ObjectInfo> update = process.store
                .updateMetadata(id, MetadataPatch.builder().custom(NOTE, note).build(), required)
                .doOnNext(info -> world.chain.checkUpdated(since, info.etag(), NOTE, note))
                .doOnError(error -> {
                    if (error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED) {
                        denied.add(note);
                    }
                });
        run(
                process + " updates " + note + ", " + required,
                history.get(key(), refusable(update, required, since), SimulatedClient::value));
    }

    void checkDenied() {
        denied.forEach(note -> world.chain.checkNever(NOTE, note));
    }

    /** Mostly none; or one that may hold, or one that held once. */
    private Precondition requirement(SimulationSchedule schedule) {
        if (!schedule.conditional() || random.nextInt(3) != 0) {
            return Precondition.none();
        }
        RowHead now = world.head(id);
        if (now.metadata() == null || random.nextInt(4) == 0) {
            return Precondition.ifAbsent();
        }
        String etag = random.nextInt(4) == 0 ? lastEtag : now.writeId().toString();
        lastEtag = etag;
        return Precondition.ifMatch(etag);
    }

    private <T> Mono<T> refusable(Mono<T> write, Precondition required, long since) {
        return write.doOnError(PreconditionFailedException.class, failed -> world.chain.checkFailed(required, since));
    }

    /** In one buffer or two, announced or not. */
    private Payload payload(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(3)) {
            case 0 -> Payload.of(bytes);
            case 1 -> Payload.from(Flux.just(ByteBuffer.wrap(bytes)));
            default ->
                Payload.from(Flux.just(
                        ByteBuffer.wrap(bytes, 0, bytes.length / 2),
                        ByteBuffer.wrap(bytes, bytes.length / 2, bytes.length - bytes.length / 2)));
        };
    }

    private Mono<String> read(StoredObject object) {
        return object.body()
                .reduce(ByteBuffer.allocate(MOST_BYTES), ByteBuffer::put)
                .map(bytes -> {
                    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
                    if (!text.equals(value(object.info())) || object.info().size() != text.length()) {
                        violation = new SimulatedWorld.Violation("torn: " + object.info() + " with '" + text + "'");
                    }
                    return text;
                });
    }

    private static String value(ObjectInfo info) {
        return Objects.requireNonNull(info.metadata().custom().get(VALUE));
    }

    private <T> void run(String what, Mono<T> operation) {
        world.note(what);
        running = operation.subscribe(
                answer -> world.note(what + ": " + answer),
                error -> {
                    world.note(what + ": " + error);
                    busy = false;
                    check(what, error);
                },
                () -> {
                    world.note(what + ": completed");
                    busy = false;
                });
    }

    private void check(String what, Throwable error) {
        boolean honest = error instanceof TerraceException known
                && (known.retryable()
                        || known.determinacy() == Determinacy.UNKNOWN
                        || known instanceof PreconditionFailedException
                        || SimulatedUpload.isHonest(known));
        if (!honest) {
            violation = new SimulatedWorld.Violation(what + ": " + error);
        }
    }

    void cancel() {
        Disposable current = running;
        if (current != null && busy) {
            world.note("cancel");
            current.dispose();
            busy = false;
        }
    }

    boolean uses(SimulatedProcess process) {
        return upload != null && upload.uses(process);
    }

    void rethrow() {
        if (violation != null) {
            throw violation;
        }
    }

    private String key() {
        return id.storagePath();
    }
}
