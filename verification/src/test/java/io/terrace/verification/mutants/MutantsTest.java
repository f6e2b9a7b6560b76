// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit finds what is wrong with a wrong backend, and nothing else: the whole kit runs once for each of them. */
class MutantsTest {

    private static final int REPETITIONS = 3;

    static List<Mutant<HighVolumeBackend>> rows() {
        return Mutants.ROWS;
    }

    static List<Mutant<LongTermBackend>> blobs() {
        return Mutants.BLOBS;
    }

    static List<Mutant<ChangeLog>> logs() {
        return Mutants.LOGS;
    }

    static List<ProviderMutant> providers() {
        return ProviderMutants.ALL;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void wrongRowsBreakExactlyTheirRules(Mutant<HighVolumeBackend> mutant) {
        assertBreaks(mutant, () -> KitRun.ofRows(mutant));
    }

    @ParameterizedTest
    @MethodSource("blobs")
    void wrongBlobsBreakExactlyTheirRules(Mutant<LongTermBackend> mutant) {
        assertBreaks(mutant, () -> KitRun.ofBlobs(mutant));
    }

    @ParameterizedTest
    @MethodSource("logs")
    void wrongLogsBreakExactlyTheirRules(Mutant<ChangeLog> mutant) {
        assertBreaks(mutant, () -> KitRun.ofLog(mutant));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void wrongProvidersBreakExactlyTheirRules(ProviderMutant mutant) {
        assertThat(KitRun.ofProvider(mutant).broken()).isEqualTo(mutant.breaks());
    }

    @Test
    void everyRuleIsBrokenBySomeMutantAndByNoRightBackend() {
        List<KitRun> right = List.of(
                KitRun.ofRows(Mutants.RIGHT_ROWS),
                KitRun.ofBlobs(Mutants.RIGHT_BLOBS),
                KitRun.ofLog(Mutants.RIGHT_LOG),
                KitRun.ofProvider(ProviderMutants.RIGHT));
        Set<String> rules = new TreeSet<>();
        right.forEach(run -> rules.addAll(run.all()));
        Set<String> broken = new TreeSet<>();
        Stream.of(Mutants.ROWS, Mutants.BLOBS, Mutants.LOGS)
                .flatMap(List::stream)
                .forEach(mutant -> broken.addAll(mutant.breaks()));
        ProviderMutants.ALL.forEach(mutant -> broken.addAll(mutant.breaks()));

        assertThat(right).allSatisfy(run -> assertThat(run.broken()).isEmpty());
        assertThat(broken).isEqualTo(rules);
    }

    /**
     * Some rules are about races, and a busy machine may let the same side win each time. So a run that disagrees is repeated;
     * a mutant that is declared wrongly disagrees every time.
     */
    private static void assertBreaks(Mutant<?> mutant, Supplier<KitRun> kit) {
        Set<String> broken = kit.get().broken();
        for (int again = 0; again < REPETITIONS && !broken.equals(mutant.breaks()); again++) {
            System.out.printf("mutants: once more, since '%s' broke %s%n", mutant, broken);
            broken = kit.get().broken();
        }
        assertThat(broken).isEqualTo(mutant.breaks());
    }
}
