// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import static io.terrace.verification.kv.Instance.TTL;
import static io.terrace.verification.kv.Instance.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.TooLargeException;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.Entry;
import io.terrace.kv.Revision;
import io.terrace.kv.WatchEvent;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What a watch tells, in which order, and what it costs. */
class WatchTest {
    private static final Duration A_LOOK = Duration.ofSeconds(1);

    private final InMemoryRows rows = InMemoryRows.create(new ManualRuntime(0));
    private final Instance writer = new Instance(1, rows, BucketOptions.permanent(), settings -> settings);
    private final Instance reader = new Instance(2, rows, BucketOptions.permanent(), settings -> settings);

    @Test
    void aWatchBeginsWithOneResyncAndThenTellsOfChanges() {
        Revision a = writer.create("a", "1");
        writer.create("b", "1");
        List<String> told = reader.watch();
        assertThat(told).containsExactly("=a:1,b:1");
        pass(A_LOOK, reader);
        writer.replace("a", a, "2");
        writer.bucket.delete("b").block();
        writer.create("c", "1");
        pass(A_LOOK, reader);
        assertThat(told).containsExactly("=a:1,b:1", "+a:2", "+c:1", "-b");
        pass(A_LOOK.multipliedBy(10), reader);
        assertThat(told).hasSize(4);
    }

    @Test
    void aWatchOfAnEmptyBucketBeginsWithAnEmptyResync() {
        assertThat(reader.watch()).containsExactly("=");
    }

    @Test
    void aWriteOfTheSameStoreIsToldSoon() {
        List<String> told = writer.watch();
        pass(Duration.ofMillis(300), writer);
        writer.create("a", "1");
        pass(Duration.ofMillis(200), writer);
        assertThat(told).containsExactly("=", "+a:1");
    }

    @Test
    void aSubscriberThatStandsStillCostsOneSnapshotAndLosesNoState() {
        Map<String, String> state = new HashMap<>();
        BaseSubscriber<WatchEvent> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(WatchEvent event) {
                apply(event, state);
            }
        };
        reader.bucket.watch().subscribe(slow);
        Map<String, Revision> revisions = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String key = "k" + i % 100;
            String value = String.valueOf(i);
            Revision before = revisions.get(key);
            revisions.put(key, before == null ? writer.create(key, value) : writer.replace(key, before, value));
            if (i % 50 == 0) {
                reader.runtime.advance(A_LOOK);
            }
        }
        writer.bucket.delete("k7").block();
        reader.runtime.advance(A_LOOK);
        assertThat(state).as("it asked for the resync only").isEmpty();
        slow.requestUnbounded();
        pass(A_LOOK.multipliedBy(3), reader);
        slow.cancel();
        Map<String, String> there = new HashMap<>();
        reader.entries().forEach(entry -> there.put(entry.key(), Instance.text(entry)));
        assertThat(state).hasSize(99).isEqualTo(there);
    }

    @Test
    void aLookThatIsOlderThanTheResyncChangesNothingThatWasTold() {
        Revision first = writer.create("a", "1");
        List<String> early = reader.watch();
        Sinks.Empty<Void> gate = reader.interposed.holdScan();
        pass(A_LOOK, reader);
        assertThat(reader.interposed.holdsNothing()).isTrue();
        writer.replace("a", first, "2");
        writer.create("b", "1");
        List<String> late = reader.watch();
        assertThat(late).containsExactly("=a:2,b:1");
        gate.tryEmitEmpty();
        pass(A_LOOK.multipliedBy(3), reader);
        assertThat(late).containsExactly("=a:2,b:1");
        assertThat(early).containsExactly("=a:1", "+a:2", "+b:1");
    }

    @Test
    void cancelStopsTheLooks() {
        Disposable watch = reader.bucket.watch().subscribe();
        Disposable another = reader.bucket.watch().subscribe();
        reader.traffic.reset();
        pass(A_LOOK.multipliedBy(10), reader);
        assertThat(reader.scans()).as("one look for both").isBetween(9L, 11L);
        watch.dispose();
        pass(A_LOOK.multipliedBy(2), reader);
        another.dispose();
        reader.traffic.reset();
        pass(A_LOOK.multipliedBy(60), reader);
        assertThat(reader.traffic.operations()).isEmpty();
        assertThat(reader.runtime.pendingTimers()).isZero();
    }

    @Test
    void cancelAtAnyEventStopsTheLooks() {
        for (int events = 1; events <= 3; events++) {
            writer.create("k" + events, "1");
            Disposable watch = reader.bucket.watch().take(events).subscribe();
            for (int i = 0; i < events; i++) {
                writer.create("k" + events + i, "1");
                pass(A_LOOK.multipliedBy(2), reader);
            }
            assertThat(watch.isDisposed()).isTrue();
            assertThat(reader.runtime.pendingTimers())
                    .as("after %d events", events)
                    .isZero();
        }
    }

    @Test
    void errorsThatPassAreTriedAgain() {
        reader.faults.follow(FaultPlan.always(SpiOperation.ROW_SCAN, Fault.FAIL_NOT_APPLIED));
        List<String> told = reader.watch();
        pass(A_LOOK.multipliedBy(5), reader);
        assertThat(told).isEmpty();
        writer.create("a", "1");
        reader.faults.follow(FaultPlan.none());
        pass(A_LOOK.multipliedBy(2), reader);
        assertThat(told).containsExactly("=a:1");
        reader.faults.follow(FaultPlan.seeded(5, 0.5));
        List<String> expected = new ArrayList<>(List.of("=a:1"));
        for (int i = 0; i < 20; i++) {
            writer.create("k%02d".formatted(i), "1");
            expected.add("+k%02d:1".formatted(i));
            pass(A_LOOK.multipliedBy(10), reader);
        }
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void anErrorThatDoesNotPassEndsTheWatch() {
        List<Throwable> errors = new ArrayList<>();
        reader.bucket.watch().subscribe(event -> {}, errors::add);
        reader.interposed.failScans(new IntegrityException("tests", "damaged", Determinacy.NOT_APPLIED));
        pass(A_LOOK.multipliedBy(2), reader);
        assertThat(errors).singleElement().isInstanceOf(IntegrityException.class);
        assertThat(reader.runtime.pendingTimers()).isZero();
    }

    @Test
    void moreEntriesThanTheLimitEndAWatchAndAListingButStillExpire() {
        InMemoryRows others = InMemoryRows.create(new ManualRuntime(0));
        Instance many = new Instance(3, others);
        Instance small = new Instance(4, others, BucketOptions.ttl(TTL), settings -> settings.maxEntries(3));
        for (int i = 0; i < 3; i++) {
            many.create("k" + i, "1");
        }
        List<Throwable> errors = new ArrayList<>();
        small.bucket.watch().subscribe(event -> {}, errors::add);
        assertThat(small.entries()).hasSize(3);
        many.create("k3", "1");
        pass(A_LOOK.multipliedBy(2), small);
        assertThat(errors).singleElement().isInstanceOf(TooLargeException.class);
        StepVerifier.create(small.bucket.entries())
                .expectErrorMatches(error -> error instanceof TooLargeException
                        && String.valueOf(error.getMessage()).contains("more than 3 entries"))
                .verify(Duration.ofSeconds(5));
        pass(TTL.multipliedBy(3), small);
        assertThat(small.entries()).isEmpty();
    }

    @Test
    void closingEndsWatches() {
        List<Throwable> errors = new ArrayList<>();
        reader.bucket.watch().subscribe(event -> {}, errors::add);
        reader.store.closeLater().block();
        assertThat(errors).singleElement().isInstanceOf(BackendUnavailableException.class);
        assertThat(reader.runtime.pendingTimers()).isZero();
    }

    @Test
    void anEventPrintsNoValue() {
        writer.create("a", "secret");
        assertThat(reader.entries()).extracting(Entry::toString).allMatch(text -> !text.contains("secret"));
    }

    private static void apply(WatchEvent event, Map<String, String> state) {
        event.<Object>fold(
                resync -> {
                    state.clear();
                    resync.entries().forEach(entry -> state.put(entry.key(), Instance.text(entry)));
                    return state;
                },
                put -> String.valueOf(state.put(put.entry().key(), Instance.text(put.entry()))),
                delete -> String.valueOf(state.remove(delete.key())));
    }
}
