// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/**
 * Finds calls that block a thread which must not: Reactor's parallel and single threads, and every other
 * {@link reactor.core.scheduler.NonBlocking} one. It is BlockHound, which knows sleeping, waiting, sockets and streams, and
 * learns from here about {@link FileChannel}, {@link Files} and the like.
 *
 * <p>It is on for all tests when {@code io.projectreactor.tools:blockhound} is on the class path and the JVM has the flag
 * <pre>{@code -XX:+AllowRedefinitionToAddDeleteMethods}</pre>
 * A guard that is off finds nothing, so prove it once: call {@link #assertInstalled} in a test. After each test, call
 * {@link #assertNothingBlocked}: what was found is also thrown where it happened, but there it may be handled as an error
 * like others.
 */
public final class BlockingProbe {

    private static final String FLAG = "-XX:+AllowRedefinitionToAddDeleteMethods";

    private static boolean tried;
    private static @Nullable String missing;

    private BlockingProbe() {}

    /**
     * Switches the probe on for the rest of the life of the JVM. Idempotent; not needed with JUnit's launcher, which does it
     * before the first test.
     *
     * @throws IllegalStateException if that is impossible; the message says what is missing
     */
    public static void install() {
        tryInstall();
        requireInstalled();
    }

    /** Once: BlockHound believes that it is on when it has failed before. */
    static synchronized void tryInstall() {
        if (tried) {
            return;
        }
        tried = true;
        try {
            BlockHound.install();
        } catch (NoClassDefFoundError absent) {
            missing = "BlockHound is not on the class path. Add io.projectreactor.tools:blockhound to the test"
                    + " dependencies, and " + FLAG + " to the flags of the JVM that runs the tests.";
        } catch (RuntimeException failed) {
            missing = "BlockHound could not be switched on. Add " + FLAG
                    + " to the flags of the JVM that runs the tests"
                    + " (Maven: argLine of the surefire plugin; Gradle: jvmArgs of the test task). It said: " + failed;
        }
    }

    private static synchronized void requireInstalled() {
        if (!tried) {
            throw new IllegalStateException("BlockingProbe is not installed. Call install() before the tests.");
        }
        if (missing != null) {
            throw new IllegalStateException(missing);
        }
    }

    /**
     * Proves that the probe is on, by trying: a thread that must not block sleeps, parks, and uses a file in several ways,
     * and each of these must be found.
     *
     * @throws IllegalStateException if the probe could not be switched on; the message says what is missing
     * @throws AssertionError if it is on, and yet something was not found
     */
    public static void assertInstalled() {
        install();
        try {
            Path file = Files.createTempFile("blocking-probe", ".tmp");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
                for (Map.Entry<String, Callable<?>> attempt :
                        attempts(file, channel, random).entrySet()) {
                    Throwable failure = BlockingTrial.failureOf(attempt.getValue());
                    if (!(failure instanceof BlockingOperationError)) {
                        throw new AssertionError(
                                "BlockHound is on, but did not find that " + attempt.getKey() + " blocks", failure);
                    }
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new IllegalStateException("The probe needs a file to try, and could not have one", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the probe was tried", interrupted);
        }
    }

    private static Map<String, Callable<?>> attempts(Path file, FileChannel channel, RandomAccessFile random) {
        Map<String, Callable<?>> attempts = new LinkedHashMap<>();
        attempts.put("LockSupport.parkNanos", () -> {
            LockSupport.parkNanos(1);
            return "";
        });
        attempts.put("FileChannel.read", () -> channel.read(ByteBuffer.allocate(1), 0));
        attempts.put("FileChannel.write", () -> channel.write(ByteBuffer.allocate(1)));
        attempts.put("FileChannel.force", () -> {
            channel.force(false);
            return "";
        });
        attempts.put("FileChannel.transferTo", () -> channel.transferTo(0, 0, channel));
        attempts.put("RandomAccessFile.read", random::read);
        attempts.put("Files.size", () -> Files.size(file));
        return attempts;
    }

    /**
     * Fails if a call has blocked a thread that must not since the last time this was asked, or since the beginning; with
     * the stack of each.
     *
     * @throws IllegalStateException if the probe is not on: then nothing is known
     */
    public static void assertNothingBlocked() {
        requireInstalled();
        List<Throwable> found = BlockedCalls.drain();
        if (!found.isEmpty()) {
            AssertionError failure = new AssertionError(
                    "A thread that must not block did: " + found.get(0).getMessage(), found.get(0));
            found.subList(1, found.size()).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
