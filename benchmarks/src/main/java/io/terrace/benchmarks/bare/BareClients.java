// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The calls of a remote backend, against the same requests made on the client that it uses, by hand and with its best settings.
 * The server is in another process, so that bytes and CPU are those of the client. The bare client runs twice, as two sides of
 * three, which take turns: the ratio of those two is what a ratio may be off by.
 *
 * <p>Arguments: {@code s3}, {@code gcs} or {@code bigtable}, the number of rounds that count, and the only call to make, if not all.
 */
public final class BareClients {

    private static final int LARGE = 1 << 20;
    private static final List<Integer> SIZES = List.of(4 << 10, LARGE);
    private static final List<Integer> IN_FLIGHT = List.of(1, 16);
    private static final int COUNTED = 20;
    private static final int WARM_UP = 4000;

    private BareClients() {}

    public static void main(String... arguments) throws Exception {
        String backend = arguments.length > 0 ? arguments[0] : "";
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        List<String> calls = arguments.length > 2 ? List.of(arguments[2]) : List.of();
        switch (backend) {
            case "s3" -> blobs(S3Calls::bare, S3Calls::terrace, rounds, calls);
            case "gcs" -> blobs(GcsCalls::bare, GcsCalls::terrace, rounds, calls);
            case "bigtable" -> rows(rounds, calls);
            default -> throw new IllegalArgumentException("give s3, gcs or bigtable, not '" + backend + "'");
        }
        System.exit(0);
    }

    private static void blobs(Function<URI, Calls> bare, Function<URI, Calls> terrace, int rounds, List<String> only)
            throws Exception {
        try (SinkProcess server = new SinkProcess()) {
            URI address = server.address();
            List<Calls> sides = List.of(bare.apply(address), terrace.apply(address), bare.apply(address));
            compare(sides, sides, only.isEmpty() ? BlobCalls.ALL : only, server::requests, rounds);
        }
    }

    private static void rows(int rounds, List<String> only) throws Exception {
        try (BigtableTable table = new BigtableTable()) {
            AtomicLong requests = new AtomicLong();
            BigtableDataClient counting = table.client(new RequestCount(requests));
            List<Calls> counted = List.of(BigtableBare.of(table, counting), BigtableCalls.terrace(table, counting));
            List<Calls> sides = List.of(
                    BigtableBare.of(table, table.client()),
                    BigtableCalls.terrace(table, null),
                    BigtableBare.of(table, table.client()));
            compare(sides, counted, only.isEmpty() ? BigtableCalls.ALL : only, requests::get, rounds);
        }
    }

    interface Counter {
        long requests() throws Exception;
    }

    private static void compare(List<Calls> sides, List<Calls> counted, List<String> names, Counter counter, int rounds)
            throws Exception {
        System.out.println(
                "| call | requests, bare and Terrace | heap, bare | Terrace | control | CPU, bare | Terrace | control"
                        + " | rate, bare | Terrace | control |\n|---|---|---|---|---|---|---|---|---|---|---|");
        for (int size : SIZES) {
            Sample sample = new Sample(size);
            List<Map<String, Call>> all = of(sides, sample);
            // The server describes objects as the last one that it was sent.
            Cost.run(all.get(0).get(BlobCalls.PUT), 1, 1);
            List<Map<String, Call>> others = counted.equals(sides) ? all : of(counted, sample);
            for (String name : names) {
                String requests = count(others.get(0).get(name), counter) + " and "
                        + count(others.get(1).get(name), counter);
                for (Map<String, Call> side : all) {
                    Cost.run(side.get(name), size >= LARGE ? WARM_UP / 10 : WARM_UP, 16);
                }
                for (int inFlight : IN_FLIGHT) {
                    Turns turns =
                            new Turns(all.stream().map(side -> side.get(name)).toList());
                    turns.run(rounds, callsFor(size, inFlight), inFlight);
                    System.out.printf(
                            "| %s %d KiB, %d under way | %s | %s |%n",
                            name, size >> 10, inFlight, requests, turns.line());
                }
            }
        }
    }

    private static List<Map<String, Call>> of(List<Calls> sides, Sample sample) throws Exception {
        List<Map<String, Call>> calls = new ArrayList<>();
        for (Calls side : sides) {
            calls.add(side.of(sample));
        }
        return calls;
    }

    /** Enough that a round takes a second or so. */
    private static int callsFor(int size, int inFlight) {
        return size >= LARGE ? 200 : inFlight > 1 ? 2000 : 1000;
    }

    private static String count(Call call, Counter counter) throws Exception {
        long before = counter.requests();
        Cost.run(call, COUNTED, 1);
        return String.valueOf((double) (counter.requests() - before) / COUNTED);
    }
}
