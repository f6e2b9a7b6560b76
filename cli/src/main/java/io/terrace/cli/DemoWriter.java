// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The process that a demo kills. Overwrites a few objects again and again, a small one and large ones side by side, says on
 * standard output what was acknowledged, and where it was told to, stops half-way and says so.
 */
@Command(name = "demo-writer", hidden = true, description = "The process that a demo kills.")
final class DemoWriter implements Callable<Integer> {

    /** Where a writer is when it is killed. */
    enum Moment {
        MID_UPLOAD("in the middle of an upload"),
        BEFORE_COMMIT("after the blob was visible, before the row pointed to it"),
        ANY("at full speed, at some moment");

        private final String text;

        Moment(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static final String ACKNOWLEDGED = "ACK";
    static final String HELD = "HELD";
    /** So that a line that was cut off by the kill is not taken for a whole one. */
    static final String END = ".";

    private static final int[] SIZES = {2000, 3 << 20, 5 << 20};
    /** The object that is being written when the writer stops: a large one. */
    private static final int VICTIM = 1;

    private static final int ROUNDS_BEFORE = 3;

    @Option(names = "--data", required = true)
    private Path data = Path.of("");

    @Option(names = "--moment", required = true)
    private Moment moment = Moment.ANY;

    private final Console console;

    DemoWriter(Console console) {
        this.console = console;
    }

    static String name(Moment moment, int lane) {
        return "demo-crash/moment=" + moment.name() + "/" + lane;
    }

    static DemoContent content(Moment moment, int lane, int version) {
        return new DemoContent(name(moment, lane), version, SIZES[lane]);
    }

    static int lanes() {
        return SIZES.length;
    }

    @Override
    public Integer call() {
        endWithTheDemo();
        ObjectId victim = ObjectId.parse(name(moment, VICTIM));
        HeldRows.Gate gate = new HeldRows.Gate(victim, () -> say(HELD, victim.toString(), ROUNDS_BEFORE));
        try (EmbeddedStore store = EmbeddedStore.at(data)
                .create()
                .around(rows -> new HeldRows(rows, gate))
                .open()) {
            Flux.range(0, lanes())
                    .flatMap(lane -> write(store, lane, gate), lanes())
                    .then()
                    .block();
        }
        return ExitCode.OK;
    }

    /** One object after the other version; the last one that is awaited never ends. */
    private Mono<Void> write(EmbeddedStore store, int lane, HeldRows.Gate gate) {
        boolean stops = moment != Moment.ANY;
        Flux<Integer> versions = Flux.range(0, stops ? ROUNDS_BEFORE + (lane == VICTIM ? 1 : 0) : Integer.MAX_VALUE);
        return versions.concatMap(version -> put(store, lane, version, gate), 1).then();
    }

    private Mono<Void> put(EmbeddedStore store, int lane, int version, HeldRows.Gate gate) {
        DemoContent content = content(moment, lane, version);
        Flux<ByteBuffer> bytes = content.bytes();
        if (lane == VICTIM && version == ROUNDS_BEFORE && moment == Moment.MID_UPLOAD) {
            bytes = half(content);
        }
        if (lane == VICTIM && version == ROUNDS_BEFORE && moment == Moment.BEFORE_COMMIT) {
            gate.close();
        }
        return store.objects()
                .put(ObjectId.parse(content.name()), ObjectMetadata.defaults(), Payload.from(bytes))
                .doOnNext(stored -> say(ACKNOWLEDGED, content.name(), version))
                .then();
    }

    /** Half of the bytes, and then nothing any more. */
    private Flux<ByteBuffer> half(DemoContent content) {
        AtomicInteger sent = new AtomicInteger();
        return content.bytes()
                .takeUntil(bytes -> sent.addAndGet(bytes.remaining()) >= content.size() / 2)
                .concatWith(Flux.defer(() -> {
                    say(HELD, content.name(), content.version());
                    return Flux.never();
                }));
    }

    private synchronized void say(String what, String name, int version) {
        console.print(String.join(" ", what, name, String.valueOf(version), END));
        console.out().flush();
    }

    /** A writer whose demo is gone has nobody who kills it. */
    private void endWithTheDemo() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (console.in().read() >= 0) {}
                    } catch (IOException gone) {
                        // As good as its end.
                        Runtime.getRuntime().halt(ExitCode.LOCAL_IO);
                    }
                    Runtime.getRuntime().halt(ExitCode.LOCAL_IO);
                },
                "terrace-demo-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
