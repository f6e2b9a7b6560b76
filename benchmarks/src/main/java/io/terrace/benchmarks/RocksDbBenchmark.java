// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scopes;
import io.terrace.rocksdb.RocksDbRows;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;
import reactor.core.publisher.Flux;

/**
 * Rows in RocksDB: durable puts of 4 KiB, against RocksDB itself called from as many threads; and creates and gets of 512 B in a
 * store of many rows, against one of few. Both sides take turns in one process. A rate is the median of its rounds; CPU is the
 * mean, since the system counts it in steps of 10 ms. Not a JMH benchmark: what is compared has 64 calls under way and writes to
 * a disk. CPU is counted until RocksDB has nothing more to do in the background.
 *
 * <p>Arguments: the directory to work in, and the number of rows that are many.
 */
public final class RocksDbBenchmark {

    private static final int IN_FLIGHT = 64;
    private static final int PAYLOAD = 4096;
    private static final int SMALL = 512;
    /** These do not count: the compiler is at work, and nothing has been given to the disk in the background yet. */
    private static final int WARM_UP = 4;

    private static final int ROUNDS = 15;
    private static final int REST_MILLIS = 200;
    private static final int PUTS = 30_000;
    private static final int FEW = 10_000;
    private static final int CREATES = 10_000;
    private static final int GETS = 20_000;

    private static final TerraceRuntime RUNTIME = TerraceRuntime.system();
    private static final OperatingSystemMXBean CPU = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ObjectMetadata METADATA = ObjectMetadata.of("application/octet-stream");
    private static final ObjectContext CONTEXT = ObjectContext.of("bench", Scopes.none());

    private final AtomicInteger next = new AtomicInteger();
    private final byte[] noise = new byte[1 << 20];

    private RocksDbBenchmark() {
        new Random(1).nextBytes(noise);
    }

    public static void main(String... arguments) throws Exception {
        Path parent = arguments.length > 0 ? Files.createDirectories(Path.of(arguments[0])) : Path.of("target");
        int many = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        Path directory = Files.createTempDirectory(parent.toAbsolutePath(), "rocksdb-benchmark-");
        try {
            RocksDbBenchmark benchmark = new RocksDbBenchmark();
            benchmark.puts(directory);
            benchmark.sizes(directory, many);
        } finally {
            delete(directory);
        }
    }

    private void puts(Path directory) throws Exception {
        RocksDbRows rows =
                RocksDbRows.builder(directory.resolve("ours"), RUNTIME).build();
        Rounds ours = new Rounds("RocksDbRows, " + IN_FLIGHT + " in flight", PUTS);
        Rounds threads = new Rounds("RocksDB, " + IN_FLIGHT + " threads, setSync(true)", PUTS);
        try (Options options = new Options().setCreateIfMissing(true);
                WriteOptions sync = new WriteOptions().setSync(true);
                RocksDB db = RocksDB.open(options, directory.resolve("threads").toString())) {
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                int from = next.getAndAdd(PUTS);
                ours.run(round, () -> putAll(rows, "new", from, PUTS, PAYLOAD));
                threads.run(round, () -> putAll(db, sync, from));
            }
        }
        rows.closeLater().block();
        System.out.println("durable puts of new rows of 4 KiB");
        ours.print();
        threads.print();
        System.out.printf("  ratio of rates %.2f (goal: at least 2)%n", ours.perSecond() / threads.perSecond());
    }

    private void sizes(Path directory, int many) throws Exception {
        System.out.println("rows of 512 B in stores of " + FEW + " and " + many);
        fill(directory.resolve("few"), FEW);
        fill(directory.resolve("many"), many);
        RocksDbRows few = RocksDbRows.builder(directory.resolve("few"), RUNTIME).build();
        RocksDbRows big =
                RocksDbRows.builder(directory.resolve("many"), RUNTIME).build();
        Rounds getFew = new Rounds("get, any of " + FEW, GETS);
        Rounds getHot = new Rounds("get, the same " + FEW + " of " + many, GETS);
        Rounds getMany = new Rounds("get, any of " + many, GETS);
        Rounds createFew = new Rounds("create, " + FEW, CREATES);
        Rounds createMany = new Rounds("create, " + many, CREATES);
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            int seed = round;
            getFew.run(round, () -> getAll(few, FEW, seed));
            getHot.run(round, () -> getAll(big, FEW, seed));
        }
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            int seed = round;
            getMany.run(round, () -> getAll(big, many, seed));
        }
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            int from = next.getAndAdd(CREATES);
            createFew.run(round, () -> putAll(few, "created", from, CREATES, SMALL));
            createMany.run(round, () -> putAll(big, "created", from, CREATES, SMALL));
        }
        few.closeLater().block();
        big.closeLater().block();
        Stream.of(createFew, createMany, getFew, getHot, getMany).forEach(Rounds::print);
        System.out.printf(
                "  CPU per create %.2fx, per get of the same rows %.2fx (goal: at most 1.10x), of any row %.2fx%n",
                createMany.cpu() / createFew.cpu(), getHot.cpu() / getFew.cpu(), getMany.cpu() / getFew.cpu());
    }

    private void fill(Path directory, int count) throws Exception {
        RocksDbRows rows = RocksDbRows.builder(directory, RUNTIME).build();
        Rounds filling = new Rounds("fill with " + count + ", closing included", count);
        filling.run(0, () -> {
            putAll(rows, "row", 0, count, SMALL);
            rows.closeLater().block();
        });
        filling.print();
    }

    private void putAll(RocksDbRows rows, String name, int from, int count, int bytes) {
        Flux.range(from, count)
                .flatMap(
                        i -> rows.putUnlessTombstone(
                                id(name, i),
                                RUNTIME.newWriteId(),
                                new InlineObject(METADATA, Deadline.NONE, payload(i, bytes))),
                        IN_FLIGHT)
                .blockLast();
    }

    private void putAll(RocksDB db, WriteOptions sync, int from) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(PUTS);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < IN_FLIGHT; t++) {
            threads.add(new Thread(() -> {
                for (int i = left.decrementAndGet(); i >= 0; i = left.decrementAndGet()) {
                    byte[] value = new byte[PAYLOAD];
                    payload(from + i, PAYLOAD).get(value);
                    try {
                        db.put(sync, key(from + i), value);
                    } catch (RocksDBException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void getAll(RocksDbRows rows, int count, int seed) {
        Random random = new Random(seed);
        Long found = Flux.range(0, GETS)
                .map(i -> id("row", random.nextInt(count)))
                .flatMap(id -> rows.read(id, RowProjection.FULL), IN_FLIGHT)
                .count()
                .block();
        if (found == null || found != GETS) {
            throw new IllegalStateException("found " + found);
        }
    }

    private static byte[] key(int number) {
        return id("new", number).storagePath().getBytes(StandardCharsets.UTF_8);
    }

    /** In the order of numbers, so that rows with low numbers are as near to each other in a large store as in a small one. */
    private static ObjectId id(String name, int number) {
        return ObjectId.of(CONTEXT, String.format("%s%07d", name, number));
    }

    /** Noise, which does not compress, and differs from row to row. */
    private ByteBuffer payload(int number, int bytes) {
        return ByteBuffer.wrap(noise, Math.floorMod(number * 97, noise.length - bytes), bytes)
                .slice();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Rounds of one side; those with negative numbers do not count. */
    private static final class Rounds {
        private final String name;
        private final int operations;
        private final List<double[]> rounds = new ArrayList<>();

        Rounds(String name, int operations) {
            this.name = name;
            this.operations = operations;
        }

        void run(int number, Work work) throws Exception {
            long cpu = CPU.getProcessCpuTime();
            long start = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            rest();
            double micros = (CPU.getProcessCpuTime() - cpu) / 1e3 / operations;
            if (number >= 0) {
                rounds.add(new double[] {operations / seconds, micros});
            }
        }

        /** Until what was put off is done, too: it belongs to this side, and would disturb the other. */
        private static void rest() throws InterruptedException {
            long before;
            do {
                before = CPU.getProcessCpuTime();
                Thread.sleep(REST_MILLIS);
            } while (CPU.getProcessCpuTime() - before > REST_MILLIS * 1_000_000L / 20);
        }

        double perSecond() {
            return sorted(0)[rounds.size() / 2];
        }

        /** Microseconds for each operation. */
        double cpu() {
            return rounds.stream().mapToDouble(round -> round[1]).average().orElseThrow();
        }

        private double[] sorted(int column) {
            double[] values =
                    rounds.stream().mapToDouble(round -> round[column]).toArray();
            Arrays.sort(values);
            return values;
        }

        void print() {
            double[] rates = sorted(0);
            double[] cpus = sorted(1);
            System.out.printf(
                    "  %-38s %8.0f /s (%.0f to %.0f), CPU %6.1f us (%.1f to %.1f)%n",
                    name, perSecond(), rates[0], rates[rates.length - 1], cpu(), cpus[0], cpus[cpus.length - 1]);
        }
    }
}
