// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit finds what is wrong with a client when its network breaks, and nothing else. */
class WireMutantsTest {

    private static final int REPETITIONS = 3;

    /** Runs wait most of their time, so several go on at once. */
    private static final int AT_ONCE = 4;

    private static final Map<Flaw, CompletableFuture<Set<String>>> BROKEN = new EnumMap<>(Flaw.class);
    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);

    @BeforeAll
    static void begin() {
        for (Flaw flaw : EnumSet.complementOf(EnumSet.of(Flaw.NONE))) {
            BROKEN.put(
                    flaw, CompletableFuture.supplyAsync(() -> WireRun.of(flaw).broken(), RUNS));
        }
    }

    @AfterAll
    static void end() {
        RUNS.shutdownNow();
    }

    /**
     * Time plays a part in most of these rules, and a busy machine may be late. So a run that disagrees is repeated; a mutant
     * that is declared wrongly disagrees every time.
     */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFlawBreaksExactlyItsRules(Flaw flaw) {
        Set<String> broken = BROKEN.get(flaw).join();
        for (int again = 0; again < REPETITIONS && !broken.equals(flaw.breaks()); again++) {
            System.out.printf("mutants: once more, since '%s' broke %s%n", flaw, broken);
            broken = WireRun.of(flaw).broken();
        }
        assertThat(broken).isEqualTo(flaw.breaks());
    }

    @Test
    void everyRuleIsBrokenBySomeFlawAndNoneWithoutOne() {
        WireRun right = WireRun.ofAll(Flaw.NONE);
        Set<String> broken = new TreeSet<>();
        for (Flaw flaw : Flaw.values()) {
            broken.addAll(flaw.breaks());
        }

        assertThat(right.broken()).isEmpty();
        assertThat(broken).isEqualTo(right.kept());
    }
}
