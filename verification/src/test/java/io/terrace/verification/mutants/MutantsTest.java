// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit finds what is wrong with a wrong backend, and nothing else: the whole kit runs once for each of them. */
class MutantsTest {

    static List<Mutant<HighVolumeBackend>> rows() {
        return Mutants.ROWS;
    }

    static List<Mutant<LongTermBackend>> blobs() {
        return Mutants.BLOBS;
    }

    static List<Mutant<ChangeLog>> logs() {
        return Mutants.LOGS;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void wrongRowsBreakExactlyTheirRules(Mutant<HighVolumeBackend> mutant) {
        assertThat(KitRun.ofRows(mutant).broken()).isEqualTo(mutant.breaks());
    }

    @ParameterizedTest
    @MethodSource("blobs")
    void wrongBlobsBreakExactlyTheirRules(Mutant<LongTermBackend> mutant) {
        assertThat(KitRun.ofBlobs(mutant).broken()).isEqualTo(mutant.breaks());
    }

    @ParameterizedTest
    @MethodSource("logs")
    void wrongLogsBreakExactlyTheirRules(Mutant<ChangeLog> mutant) {
        assertThat(KitRun.ofLog(mutant).broken()).isEqualTo(mutant.breaks());
    }

    @Test
    void everyRuleIsBrokenBySomeMutantAndByNoRightBackend() {
        List<KitRun> right = List.of(
                KitRun.ofRows(Mutants.RIGHT_ROWS),
                KitRun.ofBlobs(Mutants.RIGHT_BLOBS),
                KitRun.ofLog(Mutants.RIGHT_LOG));
        Set<String> rules = new TreeSet<>();
        right.forEach(run -> rules.addAll(run.all()));
        Set<String> broken = new TreeSet<>();
        Stream.of(Mutants.ROWS, Mutants.BLOBS, Mutants.LOGS)
                .flatMap(List::stream)
                .forEach(mutant -> broken.addAll(mutant.breaks()));

        assertThat(right).allSatisfy(run -> assertThat(run.broken()).isEmpty());
        assertThat(broken).isEqualTo(rules);
    }
}
