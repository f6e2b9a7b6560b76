// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.kv.Bucket;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.Entry;
import io.terrace.kv.KeyValueStore;
import io.terrace.kv.Revision;
import io.terrace.kv.WatchEvent;
import io.terrace.kv.WriteOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.fault.FaultInjector;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;

/**
 * A process with clocks of its own: whoever does not advance them has suspended it. Over rows in memory everything happens on
 * the test's thread, and is over when the call returns.
 */
final class Instance {
    static final Duration TTL = Duration.ofSeconds(12);
    static final String BUCKET = "workers";

    final ManualRuntime runtime;
    final TrafficRecorder traffic = new TrafficRecorder();
    final FaultInjector faults = new FaultInjector(FaultPlan.none());
    final Interposed interposed = new Interposed();
    final KeyValueStore store;
    final Bucket bucket;

    Instance(long seed, HighVolumeBackend rows) {
        this(seed, rows, BucketOptions.ttl(TTL), settings -> settings);
    }

    Instance(long seed, HighVolumeBackend rows, BucketOptions options, UnaryOperator<KeyValueStore.Builder> settings) {
        runtime = new ManualRuntime(seed);
        store = settings.apply(KeyValueStore.builder(interposed.rows(traffic.rows(faults.rows(rows))), runtime))
                .build();
        bucket = Objects.requireNonNull(store.getOrCreateBucket(BUCKET, options).block());
    }

    /** Lets the time of some processes pass, as if they ran side by side; that of all others stands still. */
    static void pass(Duration time, Instance... awake) {
        Duration step = Duration.ofMillis(100);
        for (Duration done = Duration.ZERO; done.compareTo(time) < 0; done = done.plus(step)) {
            for (Instance instance : awake) {
                instance.runtime.advance(step);
            }
        }
    }

    Revision create(String key, String value) {
        return written(Objects.requireNonNull(bucket.create(key, bytes(value)).block()));
    }

    Revision replace(String key, Revision expected, String value) {
        return written(Objects.requireNonNull(
                bucket.replace(key, expected, bytes(value)).block()));
    }

    static Revision written(WriteOutcome outcome) {
        return outcome.fold(WriteOutcome.Written::revision, refused -> {
            throw new AssertionError("refused by " + refused.entry());
        });
    }

    List<Entry> entries() {
        return Objects.requireNonNull(bucket.entries().collectList().block());
    }

    /** What is told from now on, as words: {@code =a:1,b:2}, {@code +a:1}, {@code -a}. */
    List<String> watch() {
        List<String> told = new ArrayList<>();
        bucket.watch().subscribe(event -> told.add(word(event)));
        return told;
    }

    static String word(WatchEvent event) {
        return event.fold(
                resync -> "="
                        + String.join(
                                ",",
                                resync.entries().stream().map(Instance::word).toList()),
                put -> "+" + word(put.entry()),
                delete -> "-" + delete.key());
    }

    private static String word(Entry entry) {
        return entry.key() + ":" + text(entry);
    }

    static String text(Entry entry) {
        return StandardCharsets.UTF_8.decode(entry.value()).toString();
    }

    static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    long scans() {
        return traffic.records(SpiOperation.ROW_SCAN).size();
    }

    static <T> List<T> collected(Flux<T> flux) {
        return Objects.requireNonNull(flux.collectList().block());
    }
}
