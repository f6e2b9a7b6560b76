// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** CL-1: what holds for every operation on a change log. */
abstract class LogCallRules {

    private final ChangeLogConformanceTest kit;
    private final Log log;

    LogCallRules(ChangeLogConformanceTest kit) {
        this.kit = kit;
        this.log = kit.log();
    }

    @Rule(value = "CL-1.1", requirement = Requirement.CAPABILITY)
    void everythingAnsweredSurvivesTheDeathOfTheProcess() {
        kit.assume(Capability.DURABLE);
        List<ChangeEntry> entries = new ArrayList<>();
        for (State state : State.values()) {
            entries.add(log.installed(state));
        }
        ChangeEntry rebased = log.installed(State.OPEN);
        assertThat(log.rebase(rebased.id(), WriteId.NONE)).isTrue();
        Await.done(log.backend().pins().pin("kept"));
        List<UploadRecord> uploads = new ArrayList<>();
        for (UploadRecord.State state : UploadRecord.State.values()) {
            uploads.add(log.uploadIn(state));
        }
        kit.reopen();

        for (ChangeEntry entry : entries) {
            assertThat(log.get(entry.id())).contains(entry);
        }
        assertThat(log.get(rebased.id())).contains(rebased.rebased(WriteId.NONE));
        assertThat(log.uploads(ScanScope.DUE, Long.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(uploads);
        assertThat(log.scan(ScanScope.DUE)).extracting(ChangeEntry::id).contains(rebased.id());
        assertThat(Await.all(log.backend().pins().list())).containsExactly("kept");
    }

    @Rule(value = "CL-1.2", requirement = Requirement.STOCHASTIC)
    void whatWasAnsweredIsSeenByEverybody() {
        List<Integer> racers = Race.of(4, racer -> {
            for (int i = 0; i < 25; i++) {
                ChangeEntry entry = log.entry();
                BlobId blob = newBlob(entry);
                log.append(entry);
                assertThat(log.get(entry.id())).contains(entry);
                assertThat(log.referenced(List.of(blob))).containsExactly(blob);
                assertThat(log.scan(ScanScope.ALL)).contains(entry);
                assertThat(log.claim(entry.id())).isEqualTo(ClaimOutcome.of(entry.claimed()));
                assertThat(log.get(entry.id())).contains(entry.claimed());
                log.remove(entry.id());
                assertThat(log.get(entry.id())).isEmpty();
                assertThat(log.referenced(List.of(blob))).isEmpty();
                assertThat(log.scan(ScanScope.ALL)).extracting(ChangeEntry::id).doesNotContain(entry.id());
            }
            return racer;
        });

        assertThat(racers).hasSize(4);
    }

    @Rule("CL-1.3")
    void everyCallMayBeRepeated() {
        ChangeEntry entry = log.entry();
        List<BlobId> old = entry.oldBlobs();
        ChangeLog backend = log.backend();
        twice(backend.append(entry));
        twice(backend.rebase(entry.id(), WriteId.NONE));
        assertThat(log.get(entry.id())).contains(entry.rebased(WriteId.NONE));
        twice(backend.claim(entry.id()));
        assertThat(log.get(entry.id())).contains(entry.rebased(WriteId.NONE).claimed());
        twice(backend.defer(entry.id(), old));
        assertThat(log.get(entry.id())).contains(ChangeEntry.deferred(entry.id(), old));
        twice(backend.remove(entry.id()));
        assertThat(log.get(entry.id())).isEmpty();
    }

    @Rule(value = "CL-1.4", requirement = Requirement.STOCHASTIC)
    void aCancelledCallTakesEffectAsAWholeOrNotAtAll() {
        for (int round = 0; round < 6; round++) {
            ChangeEntry entry = log.entry();
            ChangeLog backend = log.backend();
            Cancel.at(round, backend.append(entry));
            Await.remains(() ->
                    log.get(entry.id()).ifPresent(found -> assertThat(found).isEqualTo(entry)));

            ChangeEntry open = log.installed(State.OPEN);
            Cancel.at(round, backend.claim(open.id()));
            Await.remains(() -> assertThat(log.get(open.id()).orElseThrow()).isIn(open, open.claimed()));
            assertThat(log.claim(open.id()).found()).contains(open.claimed());
        }
    }

    @Rule(value = "CL-1.5", requirement = Requirement.STOCHASTIC)
    void noEntryIsLostThatNobodyRemoved() {
        List<List<ChangeEntry>> written = Race.of(Race.RACERS, racer -> {
            List<ChangeEntry> mine = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ChangeEntry entry = log.entry();
                log.append(entry);
                mine.add(entry);
                if (i % 4 == 3) {
                    log.remove(mine.remove(0).id());
                }
            }
            return mine;
        });
        List<ChangeEntry> expected = written.stream().flatMap(List::stream).toList();

        assertThat(log.scan(ScanScope.ALL)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(expected).allSatisfy(entry -> assertThat(log.get(entry.id())).contains(entry));
    }

    @Rule("CL-1.6")
    void nothingHappensBeforeSubscriptionAndEachSubscriptionIsOneCall() {
        ChangeEntry entry = log.entry();
        ChangeLog backend = log.backend();
        Mono<ChangeEntry> get = backend.get(entry.id());
        Flux<ChangeEntry> scan = backend.scan(ScanScope.ALL);
        List<Mono<?>> never = List.of(
                backend.append(entry),
                backend.defer(entry.id(), entry.oldBlobs()),
                backend.pins().pin("never"));
        Await.remains(() -> assertThat(log.get(entry.id())).isEmpty());
        assertThat(Await.value(backend.pins().any())).isFalse();
        Await.done(never.get(0));
        List<Mono<?>> neither = List.of(backend.claim(entry.id()), backend.remove(entry.id()));

        assertThat(Await.value(get)).isEqualTo(entry);
        assertThat(Await.all(scan)).containsExactly(entry);
        Await.done(neither.get(0));
        assertThat(Await.value(get)).isEqualTo(entry.claimed());
        assertThat(Await.all(scan)).containsExactly(entry.claimed());
    }

    @Rule(value = "CL-1.7", requirement = Requirement.CAPABILITY)
    void allRulesHoldAmongInstancesThatShareALog() {
        kit.assume(Capability.SHARED);
        ChangeLog other = kit.share();
        ChangeEntry entry = log.installed(State.OPEN);

        assertThat(Await.all(other.scan(ScanScope.ALL))).contains(entry);
        assertThat(Await.value(other.claim(entry.id()))).isEqualTo(ClaimOutcome.of(entry.claimed()));
        assertThat(log.rebase(entry.id(), WriteId.NONE)).isFalse();
        UploadRecord record = log.uploadIn(UploadRecord.State.OPEN);
        assertThat(Await.value(other.uploads().replace(record, record.dead(1)))).isTrue();
        assertThat(log.replace(record, log.completing(record))).isFalse();
        Await.done(other.pins().pin("theirs"));
        assertThat(Await.value(log.backend().pins().any())).isTrue();
    }

    @Rule("CL-1.8")
    void everyObjectIdCanBeInAnEntry() {
        for (ObjectId object : Samples.objects()) {
            BlobId blob = new BlobId(object, Blobs.of("any").uuid());
            ChangeEntry entry = ChangeEntry.open(
                    EntryId.of(blob),
                    object,
                    blob,
                    WriteId.NONE,
                    List.of(new BlobId(object, Blobs.of("any").uuid())));
            log.append(entry);

            assertThat(log.get(entry.id())).contains(entry);
            assertThat(log.referenced(List.of(blob))).containsExactly(blob);
        }
    }

    private static BlobId newBlob(ChangeEntry entry) {
        return Objects.requireNonNull(entry.newBlob());
    }

    private static void twice(Mono<?> call) {
        assertThat(Await.optional(call)).isEqualTo(Await.optional(call));
    }
}
