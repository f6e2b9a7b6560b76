// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** CL-14 to CL-16: finding uploads, beside the entries, and by their blobs. */
abstract class UploadScanRules {

    private final Log log;

    UploadScanRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-14.1")
    void everyUploadIsScannedOnceInEveryState() {
        List<UploadRecord> records = new ArrayList<>();
        for (State state : State.values()) {
            records.add(log.uploadIn(state));
        }

        assertThat(log.uploads(ScanScope.ALL, Long.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(records);
        assertThat(log.uploads(ScanScope.DUE, Long.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(records);
    }

    @Rule("CL-14.2")
    void aScanReturnsOnlyWhatStartedBefore() {
        UploadRecord record = log.uploadIn(State.OPEN);

        assertThat(log.uploads(ScanScope.ALL, record.startedMicros())).isEmpty();
        assertThat(log.uploads(ScanScope.ALL, record.startedMicros() + 1)).containsExactly(record);
    }

    @Rule("CL-14.3")
    void aScanOfUploadsIsReadByDemandAndEndsWhenCancelled() {
        for (int i = 0; i < 20; i++) {
            log.uploadIn(State.OPEN);
        }
        Demand<UploadRecord> demand = Demand.on(log.backend().uploads().scan(ScanScope.ALL, Long.MAX_VALUE));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }

    @Rule("CL-15.1")
    void whereAnUploadLiesIsNoEntryAndCanBeNone() {
        UploadRecord record = log.uploadIn(State.COMPLETING);
        EntryId id = record.id();
        BlobId blob = record.blob();
        ChangeEntry entry = ChangeEntry.open(id, blob.object(), blob, WriteId.NONE, List.of());

        assertThat(Await.ended(log.backend().append(entry)).isOnError()).isTrue();
        assertThat(Await.ended(log.backend().defer(id, List.of(blob))).isOnError())
                .isTrue();
        assertThat(log.get(id)).isEmpty();
        assertThat(log.claim(id)).isEqualTo(ClaimOutcome.GONE);
        assertThat(log.rebase(id, Log.writeId())).isFalse();
        log.remove(id);
        assertThat(log.scan(ScanScope.ALL)).isEmpty();
        assertThat(log.upload(id)).contains(record);
    }

    @Rule("CL-15.2")
    void whereAnEntryLiesIsNoUploadAndCanBeNone() {
        ChangeEntry entry = log.installed(ChangeEntry.State.OPEN);
        UploadRecord record = log.uploadRecord(Objects.requireNonNull(entry.newBlob()));

        assertThat(log.begin(record)).isFalse();
        assertThat(log.upload(entry.id())).isEmpty();
        assertThat(log.replace(record, record.dead(1))).isFalse();
        log.removeUpload(entry.id());
        assertThat(log.uploads(ScanScope.ALL, Long.MAX_VALUE)).isEmpty();
        assertThat(log.get(entry.id())).contains(entry);
    }

    @Rule("CL-16.1")
    void anUploadThatMayStillBecomeSomethingRefersToItsBlob() {
        for (State state : List.of(State.OPEN, State.COMPLETING, State.DYING)) {
            BlobId blob = log.uploadIn(state).blob();

            assertThat(log.referenced(List.of(blob))).as("%s", state).containsExactly(blob);
        }
    }

    @Rule("CL-16.2")
    void anUploadThatIsSettledRefersToNothing() {
        for (State state : List.of(State.COMMITTED, State.DEAD)) {
            assertThat(log.referenced(List.of(log.uploadIn(state).blob())))
                    .as("%s", state)
                    .isEmpty();
        }
    }

    @Rule("CL-16.3")
    void anUploadRefersToNoOtherBlob() {
        UploadRecord record = log.uploadIn(State.COMPLETING);

        assertThat(log.referenced(record.oldBlobs())).as("old blobs").isEmpty();
        assertThat(log.referenced(
                        List.of(new BlobId(log.blob().object(), record.blob().uuid()))))
                .as("the UUID of a blob of another object")
                .isEmpty();
    }
}
