// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.EntryId;
import java.util.List;

/** CL-7: keeping an entry only for what is still to be deleted. */
abstract class DeferRules {

    private final Log log;

    DeferRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-7.1")
    void anAbsentEntryIsWrittenDeferred() {
        EntryId id = log.entry().id();
        List<BlobId> blobs = List.of(log.blob(), log.blob());
        log.defer(id, blobs);

        assertThat(log.get(id)).contains(ChangeEntry.deferred(id, blobs));
    }

    @Rule("CL-7.2")
    void anOpenOrClaimedEntryIsReplaced() {
        for (State state : List.of(State.OPEN, State.CLAIMED)) {
            ChangeEntry entry = log.installed(state);
            List<BlobId> blobs = List.of(log.blob());
            log.defer(entry.id(), blobs);

            assertThat(log.get(entry.id())).as("%s", state).contains(ChangeEntry.deferred(entry.id(), blobs));
        }
    }

    @Rule("CL-7.3")
    void aDeferredEntryIsReplaced() {
        ChangeEntry entry = log.installed(State.DEFERRED);
        List<BlobId> fewer = entry.oldBlobs().subList(1, 2);
        log.defer(entry.id(), fewer);

        assertThat(log.get(entry.id())).contains(ChangeEntry.deferred(entry.id(), fewer));
    }

    @Rule("CL-7.4")
    void deferringForNothingFailsAndChangesNothing() {
        ChangeEntry entry = log.installed(State.OPEN);
        Await.error(log.backend().defer(entry.id(), List.of()));

        assertThat(log.get(entry.id())).contains(entry);
    }
}
