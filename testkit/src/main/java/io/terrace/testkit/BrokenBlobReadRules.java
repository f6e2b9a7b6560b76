// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.IntegrityException;
import io.terrace.TransientException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** WB-3: connections that break or stand still while blobs are read. */
abstract class BrokenBlobReadRules {

    private static final int SIZE = 2 << 20;
    /** More than what is read ahead, and what the buffers of a connection hold. */
    private static final int HUGE = 12 << 20;

    private final LongTermWireTest kit;

    BrokenBlobReadRules(LongTermWireTest kit) {
        this.kit = kit;
    }

    @Rule("WB-3.1")
    void aBodyThatBreaksDoesNotEndAsIfItWereWhole() {
        assertReadsAreWholeOrFail(bytes -> kit.proxy().cutAnswersAfter(bytes, 1));
    }

    @Rule("WB-3.6")
    void aBodyWhoseConnectionIsClosedEarlyDoesNotEndAsIfItWereWhole() {
        assertReadsAreWholeOrFail(bytes -> kit.proxy().endAnswersAfter(bytes, 1));
    }

    private void assertReadsAreWholeOrFail(LongConsumer cutAfter) {
        BlobId id = kit.connected(SIZE);
        for (long bytes : new long[] {0, 1, 100, 1000, 100_000, SIZE - 1}) {
            int cuts = kit.proxy().cuts();
            cutAfter.accept(bytes);
            Pending<ByteBuffer> read = kit.beginRead(id);

            if (read.error() == null) {
                assertThat(read.value()).as("cut after %s bytes", bytes).contains(Bytes.of(SIZE));
            } else {
                assertThat(read.failure()).isInstanceOf(TransientException.class);
            }
            assertThat(kit.proxy().cuts() - cuts)
                    .as("cuts after %s bytes", bytes)
                    .isEqualTo(1);
            kit.proxy().flow();
            kit.recovers("it can be read again", () -> kit.canSee(id));
        }
    }

    @Rule("WB-3.2")
    void aBodyThatStandsStillFails() {
        BlobId id = kit.connected(HUGE);
        BlobContent content = kit.farBlobs().open(id, null);
        kit.proxy().holdAnswers();
        Pending<Void> body = kit.begin(content.body().then());

        assertThat(body.failure()).isInstanceOf(TransientException.class);
    }

    @Rule("WB-3.3")
    void aServerThatDoesNotAnswerEndsEveryCall() {
        BlobId id = kit.connected(LongTermWireTest.SMALL);
        kit.proxy().holdAnswers();
        Pending<ByteBuffer> read = kit.beginRead(id);
        Pending<BlobInfo> head = kit.begin(kit.far().head(id));
        Pending<Void> delete = kit.begin(kit.far().delete(kit.nearBlobs().fresh()));

        assertThat(read.failure()).isInstanceOf(TransientException.class);
        assertThat(head.failure()).isInstanceOf(TransientException.class);
        assertThat(delete.failure().retryable() || delete.saysUnknown())
                .as("%s", delete.failure())
                .isTrue();
    }

    @Rule("WB-3.4")
    void bytesThatChangeOnTheWayAreFound() {
        BlobId id = kit.connected(LongTermWireTest.SMALL);
        kit.proxy().changeAnswersAfter(LongTermWireTest.SMALL / 2);

        Pending<ByteBuffer> read = kit.beginRead(id);
        if (read.error() == null) {
            assertThat(read.value()).contains(Bytes.of(LongTermWireTest.SMALL));
        } else {
            assertThat(read.failure()).isInstanceOfAny(IntegrityException.class, TransientException.class);
        }
    }

    @Rule(value = "WB-3.5", requirement = Requirement.CAPABILITY)
    void aListingThatBreaksDoesNotEndAsIfItWereWhole() {
        BlobListing listing = Assumed.facet(kit.far(), BlobListing.class);
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(kit.nearBlobs().installed(1));
        }
        kit.canSee(ids.get(0));
        for (long bytes : new long[] {0, 500, 3000, 10_000}) {
            kit.proxy().cutAnswersAfter(bytes, 1);
            Pending<List<BlobId>> list = kit.begin(listing.list("").collectList());

            if (list.error() == null) {
                assertThat(list.value().orElseThrow())
                        .as("cut after %s bytes", bytes)
                        .containsAll(ids);
            }
            kit.proxy().flow();
            kit.recovers("it can be read again", () -> kit.canSee(ids.get(0)));
        }
    }
}
