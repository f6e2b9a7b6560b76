// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Mono;

/**
 * What a {@link LongTermBackend} must do when the network between it and its store breaks. Extend it beside
 * {@link LongTermConformanceTest}, if there is a network, and say where the server is, as {@link HighVolumeWireTest} shows. The
 * rules are written down in {@code docs/spec/wire.md}.
 */
public abstract class LongTermWireTest extends WireConformanceTest<LongTermBackend> {

    /** Fits into one request to any store. */
    static final int SMALL = 100_000;

    private final Blobs nearBlobs = new Blobs(this::near);
    private final Blobs farBlobs = new Blobs(this::far);

    /** The size of a blob that takes several requests to upload; bytes. Twelve MiB and one byte by default. */
    protected int largeBytes() {
        return (12 << 20) + 1;
    }

    /** The store as it is. */
    Blobs nearBlobs() {
        return nearBlobs;
    }

    /** The store as the instance under test sees it. */
    Blobs farBlobs() {
        return farBlobs;
    }

    <T> Pending<T> begin(Mono<T> call) {
        return Pending.of(call, wired());
    }

    /** Begins to upload that many bytes, in buffers of 64 KiB. */
    Pending<BlobInfo> beginPut(BlobId id, int size, CommitGate gate) {
        return begin(farBlobs.put(id, Blobs.stream(Bytes.cut(Bytes.of(size), 1 << 16)), gate));
    }

    Pending<BlobInfo> beginPut(BlobId id, int size) {
        return begin(farBlobs.put(id, Payload.of(Bytes.of(size)), CommitGate.OPEN));
    }

    /** Begins to read a blob, all of it. */
    Pending<ByteBuffer> beginRead(BlobId id) {
        return begin(
                far().get(id, null).flatMapMany(BlobContent::body).collectList().map(Bytes::join));
    }

    /** Makes the connection before anything is done to it, and returns a blob that is there. */
    BlobId connected(int size) {
        BlobId id = nearBlobs.installed(size);
        // A client that is loaded for the first time may be late.
        Await.value(far().head(id).retry(2));
        return id;
    }

    boolean canSee(BlobId id) {
        return begin(far().head(id)).value().isPresent();
    }

    /** Checks that an upload has left the whole blob, or nothing at all if it said so. */
    void assertWholeOrNothing(BlobId id, int size, Pending<BlobInfo> put) {
        if (put.saysNotApplied()) {
            nearBlobs.assertInvisible(id);
        } else if (put.error() == null || Await.optional(near().head(id)).isPresent()) {
            assertThat(nearBlobs.read(id)).isEqualTo(Bytes.of(size));
        }
        assertNothingUnfinished();
    }

    void assertNothingUnfinished() {
        recovers("nothing unfinished is left, such as " + wired().unfinished(), () -> wired().unfinished()
                .isEmpty());
    }

    @Override
    String role() {
        return BackendRole.LONG_TERM.label() + "-wire";
    }

    @Nested
    class LosingAnswers extends LostBlobAnswerRules {
        LosingAnswers() {
            super(LongTermWireTest.this);
        }
    }

    @Nested
    class BreakingUploads extends BrokenUploadRules {
        BreakingUploads() {
            super(LongTermWireTest.this);
        }
    }

    @Nested
    class BreakingReads extends BrokenBlobReadRules {
        BreakingReads() {
            super(LongTermWireTest.this);
        }
    }

    @Nested
    class HoldingBack extends BlobConnectionRules {
        HoldingBack() {
            super(LongTermWireTest.this);
        }
    }
}
