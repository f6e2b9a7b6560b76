// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;

import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.EntryId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What other processes do in the tests of this module. */
final class Children {

    private static final PrintStream OUT = System.out;

    private Children() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "holdSlot" -> holdSlot(path, Integer.parseInt(arguments[2]));
            case "holdStripes" -> holdStripes(path);
            case "count" -> count(path, Integer.parseInt(arguments[2]), Boolean.parseBoolean(arguments[3]));
            case "write" -> write(path);
            case "openLog" -> openLog(path);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        // Threads of the backends are daemons, so this ends the process.
    }

    private static void holdSlot(Path lock, int slot) throws Exception {
        LockFile.at(lock).tryLockSlot(slot);
        say("held");
        Thread.sleep(60_000);
    }

    /** All of them, as a process that stands still in the middle of its work. */
    private static void holdStripes(Path lock) throws Exception {
        FileChannel.open(lock, StandardOpenOption.WRITE).lock(0, LockFile.STRIPES, false);
        say("held");
        Thread.sleep(60_000);
    }

    private static void openLog(Path root) {
        ChangeLog log = LocalFs.at(root, RUNTIME).changeLog();
        say("open");
        await(log.append(Samples.entry("child")));
        await(Mono.never());
    }

    /** Increments two counters by compare-and-set, from four threads, so often each. */
    private static void count(Path root, int times, boolean withRangeLocks) throws Exception {
        LocalFs.Builder builder = LocalFs.builder(root, RUNTIME).fsync(Fsync.NEVER);
        HighVolumeBackend rows =
                (withRangeLocks ? builder : builder.withoutRangeLocks()).build().rows();
        say("ready");
        System.in.read();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < times; i++) {
                    increment(rows, "counter" + (thread + i) % 2);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        await(rows.closeLater());
        say("done");
    }

    private static void increment(HighVolumeBackend rows, String key) {
        while (true) {
            Row row = await(rows.read(id(key), RowProjection.FULL));
            int value = row == null ? 0 : Integer.parseInt(Samples.text(row.payload()));
            RowVersion version = row == null ? RowVersion.ABSENT : row.version();
            CasOutcome outcome = await(rows.compareAndSet(
                    id(key), version, new RowWrite.Inline(RUNTIME.newWriteId(), inline("" + (value + 1)))));
            if (outcome instanceof CasOutcome.Applied) {
                return;
            }
        }
    }

    /** Writes to all three roles for ever, and says what was acknowledged; a line is complete if it ends with a dot. */
    private static void write(Path root) {
        LocalFs store = LocalFs.at(root, RUNTIME);
        HighVolumeBackend rows = store.rows();
        LongTermBackend blobs = store.blobs();
        ChangeLog log = store.changeLog();
        Flux.merge(
                        Flux.range(1, Integer.MAX_VALUE).concatMap(i -> rows.putUnlessTombstone(
                                        id("row" + i % 5), RUNTIME.newWriteId(), inline(row(i)))
                                .doOnNext(done -> say("row " + i % 5 + " " + i + "."))),
                        Flux.range(1, Integer.MAX_VALUE).concatMap(i -> {
                            BlobId blob = Samples.blobId("blob");
                            return blobs.put(blob, METADATA, body(i), CommitGate.OPEN)
                                    .doOnNext(done -> say("blob " + blob.uuid() + " " + i + "."));
                        }),
                        Flux.range(1, Integer.MAX_VALUE).concatMap(i -> {
                            ChangeEntry entry = Samples.entry("entry");
                            EntryId id = entry.id();
                            Mono<?> settle = log.remove(id).doOnSubscribe(s -> say("removing " + id + "."));
                            return log.append(entry)
                                    .doOnSuccess(done -> say("entry " + id + "."))
                                    .then((i % 3 == 0 ? settle : log.claim(id)).then())
                                    .doOnSuccess(done -> say((i % 3 == 0 ? "removed " : "claimed ") + id + "."));
                        }))
                .blockLast();
    }

    /** The content of a row, by which a torn one is recognised. */
    static byte[] row(int number) {
        return Samples.bytes(500 + number % 9000, number);
    }

    static Payload body(int number) {
        return Payload.from(Flux.range(0, 5).map(part -> ByteBuffer.wrap(part(number, part))));
    }

    static byte[] part(int number, int part) {
        return Samples.bytes(40_000, number * 10L + part);
    }

    private static synchronized void say(String line) {
        OUT.println(line);
        OUT.flush();
    }
}
