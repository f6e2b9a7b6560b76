// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class LeakProbeTest {

    @TempDir
    Path directory;

    private static void leaksNow(LeakProbe probe, String what) {
        assertThatThrownBy(probe.waitingAtMost(Duration.ofMillis(50))::assertNothingLeaked)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what);
    }

    @Test
    void nothingIsHeldByDoingNothing() {
        assertThatCode(LeakProbe.start()::assertNothingLeaked).doesNotThrowAnyException();
    }

    @Test
    void anOpenFileIsFoundByNameUntilItIsClosed() throws IOException {
        Path file = Files.createFile(directory.resolve("leaked"));
        LeakProbe probe = LeakProbe.start();
        try (FileChannel channel = FileChannel.open(file)) {
            assertThat(channel.isOpen()).isTrue();
            leaksNow(probe, "open: " + file);
        }
        probe.assertNothingLeaked();
    }

    @Test
    void theSecondDescriptorOfAFileCountsToo() throws IOException {
        Path file = Files.createFile(directory.resolve("twice"));
        try (FileChannel first = FileChannel.open(file)) {
            LeakProbe probe = LeakProbe.start();
            try (FileChannel second = FileChannel.open(file)) {
                assertThat(first).isNotSameAs(second);
                leaksNow(probe, "twice");
            }
            probe.assertNothingLeaked();
        }
    }

    @Test
    void anOpenSocketIsFound() throws IOException {
        new ServerSocket(0).close();
        LeakProbe probe = LeakProbe.start();
        try (ServerSocket socket = new ServerSocket(0)) {
            assertThat(socket.isBound()).isTrue();
            leaksNow(probe, "socket");
        }
        probe.assertNothingLeaked();
    }

    @Test
    void aThreadIsFoundByNameUntilItEnds() {
        LeakProbe probe = LeakProbe.start();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                "terrace-writer-7");
        thread.start();
        leaksNow(probe, "thread: terrace-writer-7");
        probe.toleratingThreads("terrace-writer-\\d+").assertNothingLeaked();
        end.countDown();
        probe.assertNothingLeaked();
    }

    @Test
    void directMemoryIsFoundUntilItIsCollected() {
        LeakProbe probe = LeakProbe.start();
        ByteBuffer[] held = {ByteBuffer.allocateDirect(2 << 20)};
        leaksNow(probe, "direct memory: ");
        probe.toleratingDirectMemory(3 << 20).assertNothingLeaked();
        assertThat(held[0].capacity()).isEqualTo(2 << 20);
        held[0] = null;
        probe.assertNothingLeaked();
    }

    @Test
    void whatIsReleasedALittleLaterIsWaitedFor() {
        LeakProbe probe = LeakProbe.start();
        Thread thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(200);
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                "short-lived");
        thread.start();
        assertThatCode(probe::assertNothingLeaked).doesNotThrowAnyException();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void sharedThreadsAreNoLeak() {
        LeakProbe probe = LeakProbe.start();
        Mono.just(1).subscribeOn(Schedulers.boundedElastic()).block();
        Mono.just(1).subscribeOn(Schedulers.parallel()).block();
        ForkJoinPool.commonPool().submit(() -> {}).join();
        assertThatCode(probe.waitingAtMost(Duration.ofMillis(500))::assertNothingLeaked)
                .doesNotThrowAnyException();
    }
}
