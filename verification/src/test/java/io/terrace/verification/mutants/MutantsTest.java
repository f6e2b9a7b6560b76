// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kit finds what is wrong with a wrong backend, and nothing else. It runs the whole kit once for each of them, which
 * takes minutes, and so is no part of the default build.
 */
@Tag("soak")
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
}
