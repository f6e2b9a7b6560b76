// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static io.terrace.testkit.fault.SpiOperation.BLOB_GET;
import static io.terrace.testkit.fault.SpiOperation.BLOB_HEAD;
import static io.terrace.testkit.fault.SpiOperation.BLOB_PUT;
import static io.terrace.testkit.fault.SpiOperation.ROW_CAS;
import static io.terrace.testkit.fault.SpiOperation.ROW_READ;
import static io.terrace.testkit.fault.SpiOperation.ROW_SCAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.testkit.fault.RecordedCall.Ending;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class TrafficRecorderTest {

    private static final ObjectId ID = ObjectId.parse("photos/_/cat");
    private static final BlobId BLOB = new BlobId(ID, UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    @TempDir
    Path directory;

    private FileChannel channel;
    private FakeBlobs blobStore;
    private final TrafficRecorder traffic = new TrafficRecorder();
    private final FaultInjector faults = new FaultInjector(FaultPlan.none());
    private final HighVolumeBackend rows = traffic.rows(faults.rows(new FakeRows()));
    private LongTermBackend blobs;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(directory.resolve("blob")));
        blobStore = new FakeBlobs(channel);
        blobs = traffic.blobs(blobStore);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private Mono<?> write() {
        return rows.compareAndSet(ID, RowVersion.ABSENT, new RowWrite.Marker(new WriteId(1, 1)));
    }

    @Test
    void callsAreWrittenDownInOrderOverAllBackends() {
        rows.read(ID, RowProjection.HEAD).block();
        blobs.put(BLOB, ObjectMetadata.defaults(), Payload.ofText("x"), CommitGate.OPEN)
                .block();
        write().block();
        blobs.head(BLOB).block();

        assertThat(traffic.operations()).containsExactly(ROW_READ, BLOB_PUT, ROW_CAS, BLOB_HEAD);
        assertThat(traffic.calls())
                .extracting(SpiCall::target)
                .containsExactly(ID.storagePath(), BLOB.storagePath(), ID.storagePath(), BLOB.storagePath());
        assertThat(traffic.calls()).extracting(SpiCall::sequence).containsExactly(1L, 1L, 2L, 2L);
        traffic.reset();
        assertThat(traffic.calls()).isEmpty();
    }

    @Test
    void aCallThatIsNotSubscribedToIsNoCallAndTwoSubscriptionsAreTwo() {
        Mono<?> read = rows.read(ID, RowProjection.HEAD);
        assertThat(traffic.calls()).isEmpty();
        read.block();
        read.block();
        assertThat(traffic.operations()).containsExactly(ROW_READ, ROW_READ);
    }

    @Test
    void howACallEndedIsWrittenDown() {
        rows.read(ID, RowProjection.HEAD).block();
        write().block();
        faults.follow(FaultPlan.always(ROW_CAS, Fault.LOST));
        write().onErrorResume(error -> Mono.empty()).block();
        faults.follow(FaultPlan.always(ROW_CAS, Fault.HANG));
        Disposable hanging = write().subscribe();
        assertThat(traffic.running()).hasSize(1);
        hanging.dispose();
        rows.facet(RowListing.class).orElseThrow().scan("", "").collectList().block();

        assertThat(traffic.records())
                .extracting(RecordedCall::ending)
                .containsExactly(Ending.EMPTY, Ending.ANSWERED, Ending.FAILED, Ending.CANCELLED, Ending.ANSWERED);
        assertThat(traffic.records(ROW_SCAN)).hasSize(1);
        assertThat(traffic.running()).isEmpty();
    }

    @Test
    void whatRanSideBySideCanBeTold() {
        Sinks.Empty<Void> gate = Sinks.empty();
        Disposable upload = blobs.put(BLOB, ObjectMetadata.defaults(), Payload.ofText("x"), gate::asMono)
                .subscribe();
        write().block();
        gate.tryEmitEmpty();
        rows.read(ID, RowProjection.HEAD).block();

        assertThat(upload.isDisposed()).isTrue();
        RecordedCall put = traffic.records(BLOB_PUT).get(0);
        RecordedCall cas = traffic.records(ROW_CAS).get(0);
        RecordedCall read = traffic.records(ROW_READ).get(0);
        assertThat(put.overlaps(cas)).isTrue();
        assertThat(cas.overlaps(put)).isTrue();
        assertThat(put.overlaps(read)).isFalse();
        assertThat(read.overlaps(put)).isFalse();
    }

    @Test
    void aBlobIsOpenUntilItIsReadOrDiscarded() {
        blobStore.blobs.put(BLOB, new byte[20]);
        BlobContent read = blobs.get(BLOB, null).block();
        BlobContent cancelled = blobs.get(BLOB, null).block();
        BlobContent discarded = blobs.get(BLOB, null).block();
        assertThat(traffic.openBlobs()).isEqualTo(3);

        read.body().blockLast();
        assertThat(traffic.openBlobs()).isEqualTo(2);
        read.discard().block();
        assertThat(traffic.openBlobs()).as("counted once").isEqualTo(2);
        cancelled.body().take(1).blockLast();
        assertThat(traffic.openBlobs()).isOne();
        discarded.discard().block();
        assertThat(traffic.openBlobs()).isZero();
        assertThat(traffic.operations()).containsOnly(BLOB_GET);
    }
}
