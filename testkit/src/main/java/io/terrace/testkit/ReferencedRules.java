// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** CL-9: asking which blobs an entry brings. */
abstract class ReferencedRules {

    private final Log log;

    ReferencedRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-9.1")
    void openAndClaimedEntriesReferToTheBlobTheyBring() {
        for (State state : List.of(State.OPEN, State.CLAIMED)) {
            BlobId blob = Objects.requireNonNull(log.installed(state).newBlob());

            assertThat(log.referenced(List.of(blob))).as("%s", state).containsExactly(blob);
        }
    }

    @Rule("CL-9.2")
    void deferredEntriesReferToNothing() {
        ChangeEntry open = log.installed(State.OPEN);
        BlobId blob = Objects.requireNonNull(open.newBlob());
        log.defer(open.id(), List.of(blob, log.blob()));

        assertThat(log.referenced(List.of(blob))).isEmpty();
    }

    @Rule("CL-9.3")
    void blobsThatNoEntryBringsAreNotReferredTo() {
        ChangeEntry entry = log.installed(State.OPEN);
        BlobId blob = Objects.requireNonNull(entry.newBlob());

        assertThat(log.referenced(entry.oldBlobs())).as("old blobs").isEmpty();
        assertThat(log.referenced(List.of(log.blob()))).as("an unknown blob").isEmpty();
        assertThat(log.referenced(List.of(new BlobId(log.blob().object(), blob.uuid()))))
                .as("the UUID of a blob of another object")
                .isEmpty();
    }

    @Rule("CL-9.4")
    void anyNumberOfBlobsCanBeAskedFor() {
        assertThat(log.referenced(List.of())).isEmpty();
        List<BlobId> asked = new ArrayList<>();
        Set<BlobId> brought = new HashSet<>();
        for (int i = 0; i < 1500; i++) {
            if (i % 15 == 0) {
                brought.add(Objects.requireNonNull(log.installed(State.OPEN).newBlob()));
            }
            asked.add(log.blob());
        }
        asked.addAll(brought);

        assertThat(log.referenced(asked)).isEqualTo(brought);
    }
}
