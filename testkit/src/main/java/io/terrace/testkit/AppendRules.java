// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.WriteId;
import java.util.List;
import java.util.Objects;

/** CL-2, CL-3 and CL-4: adding, reading and removing an entry. */
abstract class AppendRules {

    private final Log log;

    AppendRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-2.1")
    void anEntryIsReadAsItWasAppended() {
        ChangeEntry plain = log.entry();
        for (ChangeEntry entry : List.of(
                plain,
                log.entryWithoutBlob(),
                ChangeEntry.open(new EntryId(Log.uuid()), plain.object(), null, WriteId.NONE, List.of()),
                new ChangeEntry(
                        new EntryId(Log.uuid()),
                        plain.object(),
                        null,
                        new WriteId(-1, -1),
                        plain.oldBlobs(),
                        State.OPEN))) {
            log.append(entry);
            assertThat(log.get(entry.id())).contains(entry);
        }
    }

    @Rule("CL-2.2")
    void anEntryThatExistsIsLeftAsItIsInWhateverState() {
        for (State state : State.values()) {
            ChangeEntry found = log.installed(state);
            ChangeEntry other = log.entryWithoutBlob();
            log.append(new ChangeEntry(found.id(), other.object(), null, WriteId.NONE, other.oldBlobs(), State.OPEN));

            assertThat(log.get(found.id())).as("%s", state).contains(found);
        }
    }

    @Rule(value = "CL-2.3", requirement = Requirement.STOCHASTIC)
    void ofManyAppendsOfOneIdTheFirstStays() {
        for (int round = 0; round < 20; round++) {
            EntryId id = new EntryId(Log.uuid());
            List<ChangeEntry> seen = Race.of(8, racer -> {
                log.append(ChangeEntry.open(id, log.blob().object(), null, Log.writeId(), List.of()));
                return log.get(id).orElseThrow();
            });

            assertThat(seen).containsOnly(log.get(id).orElseThrow());
        }
    }

    @Rule("CL-3.1")
    void anAbsentEntryIsAnEmptyAnswer() {
        assertThat(log.get(log.entry().id())).isEmpty();
    }

    @Rule("CL-3.2")
    void anEntryIsReadInWhateverState() {
        for (State state : State.values()) {
            ChangeEntry entry = log.installed(state);

            assertThat(entry.state()).isEqualTo(state);
            assertThat(log.get(entry.id())).contains(entry);
        }
    }

    @Rule("CL-4.1")
    void aRemovedEntryIsGoneInWhateverStateItWas() {
        for (State state : State.values()) {
            ChangeEntry entry = log.installed(state);
            ChangeEntry stays = log.installed(state);
            log.remove(entry.id());

            assertThat(log.get(entry.id())).as("%s", state).isEmpty();
            assertThat(log.scan(ScanScope.ALL)).doesNotContain(entry).contains(stays);
            if (entry.newBlob() != null) {
                assertThat(log.referenced(List.of(Objects.requireNonNull(entry.newBlob()))))
                        .isEmpty();
            }
        }
    }

    @Rule("CL-4.2")
    void removingWhatIsNotThereIsSuccess() {
        EntryId id = log.entry().id();
        log.remove(id);
        ChangeEntry entry = log.installed(State.OPEN);
        log.remove(entry.id());
        log.remove(entry.id());

        assertThat(log.get(entry.id())).isEmpty();
    }
}
