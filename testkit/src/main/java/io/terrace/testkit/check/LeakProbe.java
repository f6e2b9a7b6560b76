// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import io.terrace.spi.TerraceRuntime;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Compares what the process holds before and after: open files and sockets, threads, direct memory.
 *
 * <pre>{@code
 * var leaks = LeakProbe.start();
 * // ... open a store, use it, close it ...
 * leaks.assertNothingLeaked();
 * }</pre>
 *
 * <p>What is released in the background is waited for. Threads that the JVM, JUnit or Reactor's shared schedulers start
 * when they first need them do not count, nor do the files that the class loader keeps open. It looks at the whole process:
 * not for tests that run side by side. Immutable, but for being a photograph of its time.
 */
public final class LeakProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long INTERVAL_NANOS = 20_000_000;
    private static final Pattern SHARED_THREADS = Pattern.compile(
            "(parallel|boundedElastic|single|loomBoundedElastic)-.*"
                    + "|boundedElastic-evictor-.*|ForkJoinPool\\.commonPool-.*|Common-Cleaner|Cleaner-\\d+|Attach Listener"
                    + "|process reaper.*|Signal Dispatcher|Finalizer|Reference Handler|Notification Thread|surefire-.*|junit-.*");

    private final List<String> filesBefore;
    private final Set<Thread> threadsBefore;
    private final long directBefore;
    private final long directTolerance;
    private final Duration patience;
    private final Pattern toleratedThreads;

    private LeakProbe(
            List<String> filesBefore,
            Set<Thread> threadsBefore,
            long directBefore,
            long directTolerance,
            Duration patience,
            Pattern toleratedThreads) {
        this.filesBefore = filesBefore;
        this.threadsBefore = threadsBefore;
        this.directBefore = directBefore;
        this.directTolerance = directTolerance;
        this.patience = patience;
        this.toleratedThreads = toleratedThreads;
    }

    /** Takes the measures before. No direct memory is tolerated beyond what there is now, and five seconds are waited. */
    public static LeakProbe start() {
        return new LeakProbe(OpenFiles.list(), liveThreads(), directMemory(), 0, PATIENCE, SHARED_THREADS);
    }

    /** The same measures; so many bytes more of direct memory are no leak, for a buffer pool that is kept on purpose. */
    public LeakProbe toleratingDirectMemory(long bytes) {
        return new LeakProbe(filesBefore, threadsBefore, directBefore, bytes, patience, toleratedThreads);
    }

    /** The same measures; threads whose whole name matches are no leak. */
    public LeakProbe toleratingThreads(String regex) {
        Pattern either = Pattern.compile(toleratedThreads.pattern() + "|" + regex);
        return new LeakProbe(filesBefore, threadsBefore, directBefore, directTolerance, patience, either);
    }

    /** The same measures, waiting so long for things to be released. */
    public LeakProbe waitingAtMost(Duration time) {
        return new LeakProbe(filesBefore, threadsBefore, directBefore, directTolerance, time, toleratedThreads);
    }

    /**
     * Waits until nothing is held that was not held at the start. Blocks, and runs the garbage collector: direct memory is
     * released by it alone.
     *
     * @throws AssertionError if something is still held when the time is over, with a list of it
     */
    public void assertNothingLeaked() {
        TerraceRuntime clock = TerraceRuntime.system();
        long deadline = clock.monotonicNanos() + patience.toNanos();
        List<String> leaks = leaks();
        while (!leaks.isEmpty() && clock.monotonicNanos() - deadline < 0) {
            System.gc();
            LockSupport.parkNanos(INTERVAL_NANOS);
            leaks = leaks();
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("Still held after " + patience + ":\n  " + String.join("\n  ", leaks));
        }
    }

    private List<String> leaks() {
        List<String> leaks = new ArrayList<>();
        List<String> files = OpenFiles.list();
        filesBefore.forEach(files::remove);
        files.forEach(file -> leaks.add("open: " + file));
        for (Thread thread : liveThreads()) {
            if (!threadsBefore.contains(thread)
                    && !toleratedThreads.matcher(thread.getName()).matches()) {
                leaks.add("thread: " + thread.getName() + whereIs(thread));
            }
        }
        long direct = directMemory() - directBefore;
        if (direct > directTolerance) {
            leaks.add("direct memory: " + direct + " bytes, " + directTolerance + " tolerated");
        }
        return leaks;
    }

    private static String whereIs(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "" : ", in " + stack[0];
    }

    private static Set<Thread> liveThreads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
