// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one call cost, on average over one round.
 *
 * @param bytes allocated on the heap, by all threads of this process; what a thread allocated that ended meanwhile is missing
 * @param micros of the processor, of this process with its compilers and its garbage collector
 * @param perSecond how many there were
 */
record Cost(double bytes, double micros, double perSecond) {

    private static final OperatingSystemMXBean CPU = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /** Makes so many calls, of which so many at a time are under way. */
    static Cost of(Call call, int calls, int inFlight) throws Exception {
        Map<Long, Long> before = allocated();
        long cpu = CPU.getProcessCpuTime();
        long start = System.nanoTime();
        run(call, calls, inFlight);
        double seconds = (System.nanoTime() - start) / 1e9;
        double micros = (CPU.getProcessCpuTime() - cpu) / 1e3;
        long bytes = 0;
        for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
            bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return new Cost((double) bytes / calls, micros / calls, calls / seconds);
    }

    static void run(Call call, int calls, int inFlight) throws Exception {
        Semaphore free = new Semaphore(inFlight);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        for (int number = 0; number < calls; number++) {
            free.acquire();
            call.start(error -> {
                if (error != null) {
                    failed.set(error);
                }
                free.release();
            });
        }
        free.acquire(inFlight);
        Throwable error = failed.get();
        if (error != null) {
            throw new IllegalStateException("a call failed", error);
        }
    }

    private static Map<Long, Long> allocated() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated;
    }
}
