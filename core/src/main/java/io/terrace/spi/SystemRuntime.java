// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The one class that touches the real clock, the real schedulers and real randomness. */
final class SystemRuntime implements TerraceRuntime {

    static final SystemRuntime INSTANCE = new SystemRuntime();

    private final Clock clock = Clock.systemUTC();
    private final SeededRandom random = new SeededRandom(new SecureRandom());
    private final SecureRandom secrets = secrets();
    private final TimeBasedEpochRandomGenerator uuids = Generators.timeBasedEpochRandomGenerator(random);

    private SystemRuntime() {}

    @Override
    public long nowMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1000;
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public Scheduler timers() {
        return Schedulers.parallel();
    }

    @Override
    public WriteId newWriteId() {
        return WriteId.of(uuids.generate());
    }

    @Override
    public UUID newUuid() {
        return uuids.generate();
    }

    @Override
    public long randomLong() {
        return random.nextLong();
    }

    @Override
    public long secretLong() {
        return secrets.nextLong();
    }

    /** Computes in memory once it has its seed, which it gets here: the platform's default reads a file each time. */
    private static SecureRandom secrets() {
        SecureRandom secrets;
        try {
            secrets = SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException unusualPlatform) {
            secrets = new SecureRandom();
        }
        secrets.nextLong();
        return secrets;
    }

    /**
     * A counter behind a strong mixer, keyed once from the operating system. Reading {@link SecureRandom} for every id would
     * block a reactive thread on a file; ids need to be unique, not secret.
     */
    private static final class SeededRandom extends Random {
        private static final long serialVersionUID = 1L;
        private static final long GOLDEN = 0x9E3779B97F4A7C15L;

        private final transient AtomicLong counter;
        private final long key;

        SeededRandom(SecureRandom source) {
            super(0);
            this.counter = new AtomicLong(source.nextLong());
            this.key = source.nextLong();
        }

        @Override
        public long nextLong() {
            // Two rounds of the 64-bit finaliser of MurmurHash3 over a Weyl sequence, with a secret between them.
            return mix(mix(counter.addAndGet(GOLDEN)) ^ key);
        }

        @Override
        protected int next(int bits) {
            return (int) (nextLong() >>> (64 - bits));
        }

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; ) {
                long word = nextLong();
                for (int n = Math.min(8, bytes.length - i); n > 0; n--, word >>>= 8) {
                    bytes[i++] = (byte) word;
                }
            }
        }

        private static long mix(long z) {
            long a = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
            long b = (a ^ (a >>> 33)) * 0xC4CEB9FE1A85EC53L;
            return b ^ (b >>> 33);
        }
    }
}
