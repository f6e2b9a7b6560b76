// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.localfs.Failpoint.Step;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SegmentChangeLogTest {

    @TempDir
    Path root;

    private final Failing disk = new Failing();
    private ChangeLog log;

    @AfterEach
    void close() {
        if (log != null) {
            await(log.closeLater());
        }
    }

    @Test
    void aSecondInstanceIsRefusedAndToldWhoHasTheLog() {
        log = open();
        assertThatThrownBy(() -> LocalFs.at(root, RUNTIME).changeLog())
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(
                        "is in use by process " + ProcessHandle.current().pid())
                .hasMessageContaining("Only one store at a time");
        await(log.closeLater());
        log = open();
        assertThat(await(log.check()).healthy()).isTrue();
    }

    @Test
    void manyCallersShareAnFsync() throws Exception {
        log = open();
        int callers = 64;
        int each = 50;
        disk.forget();
        CountDownLatch ready = new CountDownLatch(callers);
        assertThat(await(Flux.range(0, callers)
                        .flatMap(
                                caller -> Flux.range(0, each)
                                        .concatMap(i ->
                                                log.append(entry("k" + caller)).thenReturn(i))
                                        .doOnSubscribe(s -> ready.countDown()),
                                callers)
                        .count()))
                .isEqualTo((long) callers * each);
        double appendsPerFsync = (double) callers * each / disk.count(Step.FORCE_FILE);
        assertThat(appendsPerFsync).as("appends per fsync").isGreaterThan(2);
        assertThat(await(log.scan(ScanScope.ALL))).hasSize(callers * each);
    }

    @Test
    void oneCallerAloneGetsAnFsyncForEachAppendAndNoneForARemoval() {
        log = open();
        disk.forget();
        for (int i = 0; i < 10; i++) {
            ChangeEntry entry = entry("k");
            await(log.append(entry));
            await(log.remove(entry.id()));
        }
        assertThat(disk.count(Step.FORCE_FILE)).isEqualTo(10);
    }

    @Test
    void whatWasSettledDoesNotKeepTheLogLarge() throws IOException {
        log = LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .logCompactionBytes(256 * 1024)
                .failpoint(disk)
                .build()
                .changeLog();
        ChangeEntry stays = entry("stays");
        await(log.append(stays));
        await(log.pins().pin("copy"));
        assertThat(await(Flux.range(0, 100_000)
                        .flatMap(
                                i -> {
                                    ChangeEntry entry = entry("k" + i);
                                    return log.append(entry)
                                            .then(log.remove(entry.id()))
                                            .thenReturn(i);
                                },
                                256)
                        .count()))
                .isEqualTo(100_000L);
        List<Path> segments = segments();
        assertThat(segments).hasSizeLessThanOrEqualTo(2);
        for (Path segment : segments) {
            assertThat(Files.size(segment)).isLessThan(2 * 1024 * 1024);
        }
        reopen();
        assertThat(segments()).hasSize(1);
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(stays);
        assertThat(await(log.pins().list())).containsExactly("copy");
    }

    @Test
    void aFailedFsyncLeavesTheOutcomeUnknownAndEndsAllWriting() {
        log = open();
        ChangeEntry before = entry("before");
        await(log.append(before));
        disk.fail(Step.FORCE_FILE, "Input/output error");
        ChangeEntry lost = entry("lost");
        StepVerifier.create(log.append(lost)).verifyError(OutcomeUnknownException.class);
        disk.repair();
        StepVerifier.create(log.append(entry("after"))).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(BackendUnavailableException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("open the store again"));
        assertThat(await(log.check()).healthy()).isFalse();
        assertThat(await(log.get(before.id()))).isEqualTo(before);
        assertThat(await(log.get(lost.id()))).isNull();
    }

    @Test
    void aFullDiskRefusesTheBatchAndIsForgottenWhenThereIsRoomAgain() throws IOException {
        log = open();
        ChangeEntry before = entry("before");
        await(log.append(before));
        disk.fail(Step.WRITE, "No space left on device");
        StepVerifier.create(log.append(entry("k"))).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(AtCapacityException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED)));
        disk.repair();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(before);
        ChangeEntry after = entry("after");
        await(log.append(after));
        reopen();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactlyInAnyOrder(before, after);
    }

    @Test
    void openingBeginsANewSegmentSinceTheOldOneMayNotBeOnTheDisk() throws IOException {
        log = open();
        ChangeEntry entry = entry("k");
        await(log.append(entry));
        for (long number = 2; number < 5; number++) {
            reopen();
            assertThat(numbers()).containsExactly(number);
            assertThat(await(log.scan(ScanScope.ALL))).containsExactly(entry);
        }
    }

    @Test
    void anOpeningThatFailsLeavesTheOldSegment() throws IOException {
        log = open();
        ChangeEntry entry = entry("k");
        await(log.append(entry));
        await(log.closeLater());
        disk.fail(Step.WRITE, "No space left on device");
        assertThatThrownBy(this::open).isInstanceOf(AtCapacityException.class);
        disk.repair();
        log = open();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(entry);
    }

    @Test
    void spaceIsTakenAheadWhileTheLogIsOpenAndGivenBackInTheEnd() throws IOException {
        log = open();
        ChangeEntry entry = entry("k");
        await(log.append(entry));
        assertThat(Files.size(segments().get(0))).isGreaterThan(1 << 20);
        await(log.closeLater());
        assertThat(Files.size(segments().get(0))).isLessThan(1000);
        log = open();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(entry);
    }

    @Test
    void aWriteThatCannotBeUndoneLeavesTheOutcomeUnknown() {
        log = open();
        disk.fail(Step.WRITE, "Input/output error");
        disk.fail(Step.FORCE_FILE, "Input/output error");
        StepVerifier.create(log.append(entry("k"))).verifyError(OutcomeUnknownException.class);
        disk.repair();
        StepVerifier.create(log.append(entry("after"))).verifyError(BackendUnavailableException.class);
    }

    @Test
    void aFailedCompactionKeepsTheOldSegmentAndIsTriedAgain() throws IOException {
        log = LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .logCompactionBytes(20_000)
                .failpoint(disk)
                .build()
                .changeLog();
        disk.failOnlyAt(path -> path.startsWith(root.resolve("tmp")));
        disk.fail(Step.WRITE, "No space left on device");
        ChangeEntry stays = entry("stays");
        await(log.append(stays));
        churn(200);
        assertThat(numbers()).containsExactly(1L);
        disk.repair();
        churn(400);
        assertThat(numbers()).allMatch(number -> number > 1);
        reopen();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(stays);
    }

    @Test
    void callsBeyondTheQueueAreRefusedAndTheLogGoesOn() {
        log = LocalFs.builder(root, RUNTIME).ioQueue(4).build().changeLog();
        List<Throwable> refused = await(Flux.range(0, 500)
                .flatMap(
                        i -> log.append(entry("k" + i))
                                .then(Mono.<Throwable>empty())
                                .onErrorResume(Mono::just),
                        500));
        assertThat(refused).isNotEmpty().allSatisfy(error -> assertThat(error)
                .isInstanceOfSatisfying(AtCapacityException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED)));
        assertThat(await(log.scan(ScanScope.ALL))).hasSize(500 - refused.size());
        await(log.append(entry("again")));
    }

    @Test
    void moreEntriesThanTheLimitAreRefusedUntilOneIsSettled() {
        log = LocalFs.builder(root, RUNTIME).logEntries(2).build().changeLog();
        ChangeEntry first = entry("1");
        await(log.append(first));
        await(log.append(entry("2")));
        StepVerifier.create(log.append(entry("3"))).verifyError(AtCapacityException.class);
        await(log.append(first));
        await(log.remove(first.id()));
        await(log.append(entry("3")));
    }

    private void churn(int times) {
        for (int i = 0; i < times; i++) {
            ChangeEntry entry = entry("k");
            await(log.append(entry));
            EntryId id = entry.id();
            await(log.remove(id));
        }
    }

    private List<Path> segments() throws IOException {
        return Samples.filesBelow(root.resolve("log")).stream()
                .filter(file -> file.toString().endsWith(".seg"))
                .toList();
    }

    private List<Long> numbers() throws IOException {
        return segments().stream()
                .map(file -> LogSegment.numberIn(file.getFileName().toString()))
                .toList();
    }

    private ChangeLog open() {
        return LocalFs.builder(root, RUNTIME).failpoint(disk).build().changeLog();
    }

    private void reopen() {
        await(log.closeLater());
        log = open();
    }
}
