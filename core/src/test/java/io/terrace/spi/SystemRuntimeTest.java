// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SystemRuntimeTest {
    private final TerraceRuntime runtime = TerraceRuntime.system();

    @Test
    void uuidsAreOfVersion7AndOfNow() {
        long before = System.currentTimeMillis();
        UUID uuid = runtime.newUuid();
        long after = System.currentTimeMillis();
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.getMostSignificantBits() >>> 16).isBetween(before, after);
    }

    @Test
    void idsOfManyThreadsNeverMeet() {
        Set<UUID> uuids = ConcurrentHashMap.newKeySet();
        Set<WriteId> writes = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 100_000).parallel().forEach(i -> {
            uuids.add(runtime.newUuid());
            writes.add(runtime.newWriteId());
        });
        assertThat(uuids).hasSize(100_000);
        assertThat(writes).hasSize(100_000).doesNotContain(WriteId.NONE);
    }

    @Test
    void randomNumbersUseAllBitsAlike() {
        int[] ones = new int[64];
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            long random = runtime.randomLong();
            seen.add(random);
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (random >>> bit & 1);
            }
        }
        assertThat(seen).hasSize(10_000);
        // Eight standard deviations of a fair coin.
        assertThat(IntStream.of(ones)).allMatch(count -> count > 4600 && count < 5400);
    }

    @Test
    void bothFormsOfTheTimeAgree() {
        Instant before = Instant.now().minusMillis(1);
        Instant now = runtime.now();
        long micros = runtime.nowMicros();
        assertThat(now).isBetween(before, Instant.now());
        assertThat(micros / 1_000_000).isBetween(now.getEpochSecond(), now.getEpochSecond() + 60);
        long first = runtime.monotonicNanos();
        assertThat(runtime.monotonicNanos()).isGreaterThanOrEqualTo(first);
    }

    @Test
    void theTimersAreReactorsOwn() {
        assertThat(runtime.timers().isDisposed()).isFalse();
        assertThat(TerraceRuntime.system()).isSameAs(runtime);
    }
}
