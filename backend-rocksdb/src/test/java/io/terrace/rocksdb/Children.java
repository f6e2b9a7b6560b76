// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;

import java.io.PrintStream;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What other processes do in the tests of this module. */
final class Children {

    private static final PrintStream OUT = System.out;

    private Children() {}

    public static void main(String[] arguments) {
        Path root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "hold" -> hold(root);
            case "write" -> write(root);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void hold(Path root) {
        RocksDbRows.builder(root, RUNTIME).build();
        say("open");
        await(Mono.never());
    }

    /** Writes rows for ever, many at a time, and says what was acknowledged; a line is complete if it ends with a dot. */
    private static void write(Path root) {
        RocksDbRows rows = RocksDbRows.builder(root, RUNTIME).build();
        Flux.range(1, Integer.MAX_VALUE)
                .flatMap(
                        i -> rows.putUnlessTombstone(id("row" + i), RUNTIME.newWriteId(), inline(row(i)))
                                .then(i % 5 == 0 ? delete(rows, i) : Mono.fromRunnable(() -> say("row " + i + "."))),
                        16)
                .blockLast();
    }

    private static Mono<Void> delete(RocksDbRows rows, int i) {
        return rows.deleteUnlessTombstone(id("row" + i), RUNTIME.newWriteId())
                .doOnNext(done -> say("deleted " + i + "."))
                .then();
    }

    /** The content of a row, by which a torn one is recognised. */
    static byte[] row(int number) {
        return Samples.bytes(500 + number % 9000, number);
    }

    private static synchronized void say(String line) {
        OUT.println(line);
        OUT.flush();
    }
}
