// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** CL-8: enumerating entries. */
abstract class LogScanRules {

    private final Log log;

    LogScanRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-8.1")
    void aScanReturnsEveryEntryOnceInWhateverState() {
        List<ChangeEntry> entries = new ArrayList<>();
        for (State state : State.values()) {
            for (int i = 0; i < 10; i++) {
                entries.add(log.installed(state));
            }
        }
        ChangeEntry small = log.entryWithoutBlob();
        log.append(small);
        entries.add(small);

        assertThat(log.scan(ScanScope.ALL)).containsExactlyInAnyOrderElementsOf(entries);
    }

    @Rule("CL-8.2")
    void onesOwnEntriesAreDue() {
        List<ChangeEntry> entries = new ArrayList<>();
        for (State state : State.values()) {
            entries.add(log.installed(state));
        }

        assertThat(log.scan(ScanScope.DUE)).containsExactlyInAnyOrderElementsOf(entries);
    }

    @Rule(value = "CL-8.3", requirement = Requirement.STOCHASTIC)
    void anEntryThatIsThereThroughoutIsReturnedOnceWhateverHappensBesideIt() {
        List<EntryId> stable = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            stable.add(log.installed(State.OPEN).id());
        }

        Beside.of(
                i -> {
                    ChangeEntry younger = log.installed(State.OPEN);
                    ChangeEntry older =
                            ChangeEntry.open(veryOld(i), log.blob().object(), null, WriteId.NONE, List.of());
                    log.append(older);
                    log.rebase(stable.get(i % stable.size()), Log.writeId());
                    log.remove(younger.id());
                    log.remove(veryOld(i - 15));
                },
                () -> assertThat(log.scan(ScanScope.ALL))
                        .extracting(ChangeEntry::id)
                        .doesNotHaveDuplicates()
                        .containsAll(stable));
    }

    @Rule("CL-8.4")
    void aScanIsReadByDemandAndEndsWhenCancelled() {
        for (int i = 0; i < 20; i++) {
            log.installed(State.OPEN);
        }
        Demand<ChangeEntry> demand = Demand.on(log.backend().scan(ScanScope.ALL));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }

    @Rule("CL-8.5")
    void entriesMayBeSettledWhileTheyAreScanned() {
        for (int i = 0; i < 50; i++) {
            log.installed(State.OPEN);
        }
        Await.done(log.backend().scan(ScanScope.DUE).concatMap(entry -> log.backend()
                .claim(entry.id())
                .then(log.backend().remove(entry.id()))));

        assertThat(log.scan(ScanScope.ALL)).isEmpty();
    }

    /** An id that was made long ago, by the time in its UUID. */
    private static EntryId veryOld(int number) {
        return new EntryId(new UUID((1L << 40) + ((long) number << 16) | 0x7000, Long.MIN_VALUE));
    }
}
