// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import static io.terrace.verification.kv.Instance.bytes;
import static io.terrace.verification.kv.Instance.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.InvalidObjectIdException;
import io.terrace.kv.Bucket;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.Entry;
import io.terrace.kv.KeyValueStore;
import io.terrace.kv.Revision;
import io.terrace.kv.WriteOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultInjector;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What holds over the rows of every backend. Each store stands for a process; all of them share the rows. */
abstract class KeyValueStoreContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofMillis(600);

    private final List<KeyValueStore> stores = new ArrayList<>();
    private HighVolumeBackend rows;
    private KeyValueStore store;

    @TempDir
    Path directory;

    abstract HighVolumeBackend open(Path directory, TerraceRuntime runtime);

    @BeforeEach
    void open() {
        rows = open(directory, TerraceRuntime.system());
        store = another(rows);
    }

    @AfterEach
    void close() {
        Flux.fromIterable(stores).concatMap(KeyValueStore::closeLater).blockLast(PATIENCE);
        rows.closeLater().block(PATIENCE);
    }

    private KeyValueStore another(HighVolumeBackend seenThrough) {
        KeyValueStore another = KeyValueStore.builder(seenThrough, TerraceRuntime.system())
                .pollInterval(Duration.ofMillis(100))
                .build();
        stores.add(another);
        return another;
    }

    private static <T> T now(Mono<T> work) {
        return Objects.requireNonNull(work.block(PATIENCE), "completed empty");
    }

    private static Bucket bucket(KeyValueStore store, BucketOptions options) {
        return now(store.getOrCreateBucket("tests", options));
    }

    @Test
    void anEntryIsCreatedReadReplacedAndDeleted() {
        Bucket bucket = bucket(store, BucketOptions.permanent());
        assertThat(bucket.get("a/b %2F \u00fc").blockOptional(PATIENCE)).isEmpty();
        Revision first = written(now(bucket.create("a/b %2F \u00fc", bytes("1"))));
        Entry entry = now(bucket.get("a/b %2F \u00fc"));
        assertThat(entry).isEqualTo(new Entry("a/b %2F \u00fc", bytes("1"), first, store.owner()));
        assertThat(now(bucket.create(entry.key(), bytes("2")))).isEqualTo(new WriteOutcome.Refused(entry));
        Revision second = written(now(bucket.replace(entry.key(), first, bytes("2"))));
        assertThat(second).isNotEqualTo(first);
        assertThat(now(bucket.replace(entry.key(), first, bytes("3"))))
                .isEqualTo(new WriteOutcome.Refused(now(bucket.get(entry.key()))));
        assertThat(now(bucket.delete(entry.key(), first))).isFalse();
        assertThat(now(bucket.delete(entry.key(), second))).isTrue();
        assertThat(now(bucket.delete(entry.key(), second))).isFalse();
        assertThat(now(bucket.delete(entry.key()))).isFalse();
        assertThat(now(bucket.replace(entry.key(), second, bytes("3")))).isEqualTo(new WriteOutcome.Refused(null));
        assertThat(bucket.get(entry.key()).blockOptional(PATIENCE)).isEmpty();
        written(now(bucket.create(entry.key(), bytes("4"))));
        assertThat(now(bucket.delete(entry.key()))).isTrue();
    }

    @Test
    void entriesAreThoseOfTheBucketByTheKeysThatGetTakes() {
        Bucket bucket = bucket(store, BucketOptions.permanent());
        Bucket longer = now(store.getOrCreateBucket("tests2", BucketOptions.permanent()));
        written(now(longer.create("other", bytes("x"))));
        for (String key : List.of("b/2", "/absolute", "b/1", "\u00e4", "a")) {
            written(now(bucket.create(key, bytes(key))));
        }
        now(bucket.delete("a"));
        List<Entry> entries = now(bucket.entries().collectList());
        assertThat(entries).extracting(Entry::key).containsExactly("/absolute", "b/1", "b/2", "\u00e4");
        assertThat(entries)
                .allSatisfy(entry -> assertThat(now(bucket.get(entry.key()))).isEqualTo(entry));
    }

    @Test
    void theTimeToLiveIsThatOfTheBucket() {
        assertThat(store.getBucket("tests").blockOptional(PATIENCE)).isEmpty();
        bucket(store, BucketOptions.ttl(Duration.ofSeconds(10)));
        KeyValueStore other = another(rows);
        assertThatThrownBy(() -> bucket(other, BucketOptions.ttl(Duration.ofSeconds(5))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'tests'")
                .hasMessageContaining("PT10S")
                .hasMessageContaining("PT5S");
        assertThatThrownBy(() -> bucket(store, BucketOptions.permanent())).isInstanceOf(ConfigurationException.class);
        assertThat(now(other.getBucket("tests")).options()).isEqualTo(BucketOptions.ttl(Duration.ofSeconds(10)));
    }

    @Test
    void ofManyThatMakeABucketAtOnceOneDecides() {
        List<BucketOptions> made = now(Flux.range(1, 8)
                .flatMap(i -> another(rows)
                        .getOrCreateBucket("tests", BucketOptions.ttl(Duration.ofSeconds(i)))
                        .subscribeOn(Schedulers.boundedElastic())
                        .map(Bucket::options)
                        .onErrorResume(ConfigurationException.class, e -> Mono.empty()))
                .collectList());
        assertThat(made).containsExactly(now(store.getBucket("tests")).options());
    }

    @Test
    void aNameOfABucketThatIsNoneIsRefused() {
        for (String name : List.of("", ".", "..", "/etc/passwd", "a/b", "../tests", "a.b", "a b", "\u00fc")) {
            assertThatThrownBy(() -> store.getBucket(name).block(PATIENCE))
                    .as(name)
                    .isInstanceOf(InvalidObjectIdException.class)
                    .hasMessageContaining("not a name of a bucket");
        }
        assertThatThrownBy(() -> store.getOrCreateBucket("n".repeat(129), BucketOptions.permanent())
                        .block(PATIENCE))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessageContaining("129 characters");
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        Bucket bucket = bucket(store, BucketOptions.permanent());
        for (String key : List.of("", ".", "..", "a/../b", "../tests", "a\u0000b", "\ud800")) {
            assertThatThrownBy(() -> bucket.create(key, bytes("1")).block(PATIENCE))
                    .isInstanceOf(InvalidObjectIdException.class);
        }
        assertThatThrownBy(() -> bucket.get("k".repeat(1025)).block(PATIENCE))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessageContaining("1025 bytes");
    }

    @Test
    void aKeyOfSlashesOrOfTheGreatestLengthIsAKeyLikeAllOthers() {
        Bucket bucket = bucket(store, BucketOptions.permanent());
        for (String key : List.of("/".repeat(86), "/".repeat(1024), "k".repeat(1024))) {
            written(now(bucket.create(key, bytes("1"))));
            assertThat(now(bucket.get(key)).key()).isEqualTo(key);
        }
    }

    @Test
    void ofSixteenCreatorsOneWins() {
        List<WriteOutcome> outcomes = now(Flux.fromStream(IntStream.range(0, 16).boxed())
                .map(i -> bucket(another(rows), BucketOptions.permanent()))
                .collectList()
                .flatMapMany(Flux::fromIterable)
                .flatMap(bucket -> bucket.create("leader", bytes("x")).subscribeOn(Schedulers.boundedElastic()), 16)
                .collectList());
        assertThat(outcomes)
                .hasSize(16)
                .filteredOn(WriteOutcome.Written.class::isInstance)
                .hasSize(1);
        Entry winner = now(bucket(store, BucketOptions.permanent()).get("leader"));
        assertThat(outcomes)
                .filteredOn(WriteOutcome.Refused.class::isInstance)
                .containsOnly(new WriteOutcome.Refused(winner));
    }

    @Test
    void aCounterThatEightStoresIncreaseIsTheNumberOfWritesThatWereAcknowledged() {
        Bucket first = bucket(store, BucketOptions.ttl(Duration.ofSeconds(10)));
        written(now(first.create("counter", bytes("0"))));
        Long acknowledged = now(Flux.range(0, 8)
                .map(i -> bucket(another(rows), BucketOptions.ttl(Duration.ofSeconds(10))))
                .flatMap(
                        bucket -> increase(bucket)
                                .subscribeOn(Schedulers.boundedElastic())
                                .repeat(14),
                        8)
                .filter(WriteOutcome.Written.class::isInstance)
                .count());
        assertThat(acknowledged).isPositive();
        assertThat(Instance.text(now(first.get("counter")))).isEqualTo(String.valueOf(acknowledged));
    }

    private static Mono<WriteOutcome> increase(Bucket bucket) {
        return bucket.get("counter")
                .flatMap(entry -> bucket.replace(
                        "counter", entry.revision(), bytes(String.valueOf(Long.parseLong(Instance.text(entry)) + 1))));
    }

    @Test
    void anOwnerThatIsFrozenLosesItsEntryAndPublishesItAgainWhenItThaws() throws InterruptedException {
        FaultInjector frost = new FaultInjector(FaultPlan.none());
        KeyValueStore owner = another(frost.rows(rows));
        Bucket peer = bucket(store, BucketOptions.ttl(TTL));
        written(now(bucket(owner, BucketOptions.ttl(TTL)).create("worker", bytes("1"))));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Disposable watch = peer.watch().map(Instance::word).subscribe(told::add);
        assertThat(next(told)).isEqualTo("=worker:1");

        frost.follow(call -> call.operation() == SpiOperation.ROW_SCAN ? Fault.OK : Fault.FAIL_NOT_APPLIED);
        assertThat(next(told)).isEqualTo("-worker");
        frost.follow(FaultPlan.none());
        assertThat(next(told)).isEqualTo("+worker:1");
        assertThat(now(peer.get("worker")).owner()).isEqualTo(owner.owner());

        owner.closeLater().block(PATIENCE);
        assertThat(next(told)).isEqualTo("-worker");
        watch.dispose();
        assertThat(now(peer.entries().collectList())).isEmpty();
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS), "told in time");
    }
}
