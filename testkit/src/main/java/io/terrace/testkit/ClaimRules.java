// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** CL-5 and CL-6: taking an entry over, and moving its base, which exclude each other. */
abstract class ClaimRules {

    private final Log log;

    ClaimRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-5.1")
    void anOpenEntryIsClaimedAndReturned() {
        ChangeEntry open = log.installed(State.OPEN);

        assertThat(log.claim(open.id())).isEqualTo(new ClaimOutcome(ClaimOutcome.Kind.CLAIMED, open.claimed()));
        assertThat(log.get(open.id())).contains(open.claimed());
    }

    @Rule("CL-5.2")
    void aClaimedEntryStaysClaimedAndIsReturned() {
        ChangeEntry claimed = log.installed(State.CLAIMED);

        assertThat(log.claim(claimed.id())).isEqualTo(new ClaimOutcome(ClaimOutcome.Kind.CLAIMED, claimed));
        assertThat(log.get(claimed.id())).contains(claimed);
    }

    @Rule("CL-5.3")
    void aDeferredEntryStaysDeferredAndIsReturned() {
        ChangeEntry deferred = log.installed(State.DEFERRED);

        assertThat(log.claim(deferred.id())).isEqualTo(new ClaimOutcome(ClaimOutcome.Kind.DEFERRED, deferred));
        assertThat(log.get(deferred.id())).contains(deferred);
    }

    @Rule("CL-5.4")
    void anAbsentEntryIsGoneAndStaysSo() {
        EntryId id = log.entry().id();

        assertThat(log.claim(id)).isEqualTo(ClaimOutcome.GONE);
        assertThat(log.get(id)).isEmpty();
    }

    @Rule(value = "CL-5.5", requirement = Requirement.STOCHASTIC)
    void anyNumberOfCallersClaimOneEntry() {
        for (int round = 0; round < 20; round++) {
            ChangeEntry open = log.installed(State.OPEN);

            assertThat(Race.of(Race.RACERS, racer -> log.claim(open.id())))
                    .containsOnly(ClaimOutcome.of(open.claimed()));
        }
    }

    @Rule("CL-6.1")
    void anOpenEntryGetsANewBaseAndKeepsEverythingElse() {
        ChangeEntry open = log.installed(State.OPEN);
        for (WriteId base : List.of(Log.writeId(), WriteId.NONE, WriteId.NONE, open.base())) {
            assertThat(log.rebase(open.id(), base)).isTrue();
            assertThat(log.get(open.id())).contains(open.rebased(base));
        }
    }

    @Rule("CL-6.2")
    void aClaimedEntryKeepsItsBase() {
        rebaseIsRefused(log.installed(State.CLAIMED));
    }

    @Rule("CL-6.3")
    void aDeferredEntryIsNotRebased() {
        rebaseIsRefused(log.installed(State.DEFERRED));
    }

    @Rule("CL-6.4")
    void anAbsentEntryIsNotRebasedIntoBeing() {
        EntryId id = log.entry().id();

        assertThat(log.rebase(id, WriteId.NONE)).isFalse();
        assertThat(log.get(id)).isEmpty();
    }

    @Rule(value = "CL-6.5", requirement = Requirement.STOCHASTIC)
    void aRebaseComesBeforeTheClaimOrNotAtAll() {
        for (int round = 0; round < 60; round++) {
            ChangeEntry open = log.installed(State.OPEN);
            WriteId base = Log.writeId();
            // Whoever comes last to the start tends to run first, so they take turns.
            int rebases = round % 2;
            List<Callable<Object>> racers = new ArrayList<>();
            racers.add(() -> log.claim(open.id()).found().orElseThrow());
            racers.add(rebases, () -> log.rebase(open.id(), base));
            List<Object> answers = Race.of(racers);

            ChangeEntry expected = answers.get(rebases).equals(true) ? open.rebased(base) : open;
            assertThat(answers.get(1 - rebases)).isEqualTo(expected.claimed());
            assertThat(log.get(open.id())).contains(expected.claimed());
        }
    }

    private void rebaseIsRefused(ChangeEntry entry) {
        assertThat(log.rebase(entry.id(), Log.writeId())).isFalse();
        assertThat(log.get(entry.id())).contains(entry);
    }
}
