// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import io.terrace.gcs.FakeFault.ActThenDrop;
import io.terrace.gcs.FakeFault.ActThenRefuse;
import io.terrace.gcs.FakeFault.DamageRequest;
import io.terrace.gcs.FakeFault.Drop;
import io.terrace.gcs.FakeFault.Refuse;
import io.terrace.gcs.FakeFault.Stall;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Uploads in parts to a server that fails, and what they cost in requests; {@code docs/backends/gcs.md} has the same figures. */
class GcsUploadsTest extends GcsTestBase {

    private MultipartUploads uploads;

    @BeforeEach
    void facet() {
        uploads = blobs.facet(MultipartUploads.class).orElseThrow();
    }

    @Test
    void eachCallButTheLastIsOneRequest() {
        UploadSession session = uploads.start(blob(), METADATA).block(PATIENCE);
        UploadedPart part = stored(session, 1, 100);
        uploads.listParts(session, 0, 10).block(PATIENCE);
        assertThat(fake.counts()).isEqualTo(Map.of("parts.start", 1, "parts.store", 1, "parts.list", 1));

        fake.resetCounts();
        uploads.complete(session, List.of(part)).block(PATIENCE);
        assertThat(fake.counts()).isEqualTo(Map.of("describe", 2, "parts.list", 1, "parts.complete", 1));

        fake.resetCounts();
        uploads.abort(session).block(PATIENCE);
        assertThat(fake.counts()).isEqualTo(Map.of("parts.abort", 1));
    }

    @Test
    void aCompleteWhoseAnswerIsLostIsFoundOut() {
        for (FakeFault lost : new FakeFault[] {new ActThenDrop(), new ActThenRefuse(503)}) {
            BlobId id = blob();
            UploadSession session = uploads.start(id, METADATA).block(PATIENCE);
            UploadedPart part = stored(session, 1, 100);
            fake.plan("parts.complete", 1, lost);

            assertThat(uploads.complete(session, List.of(part)).block(PATIENCE))
                    .isEqualTo(new BlobInfo(id, 100, METADATA));
        }
    }

    @Test
    void aCompleteThatIsNotAnsweredIsUnknown() {
        UploadSession session = uploads.start(blob(), METADATA).block(PATIENCE);
        UploadedPart part = stored(session, 1, 100);
        fake.plan("parts.complete", 3, new Drop());

        assertThat(failureOf(uploads.complete(session, List.of(part)))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(uploads.complete(session, List.of(part)).block(PATIENCE)).isNotNull();
    }

    /** The protocol lets a server begin its answer before it knows, so an error may come as a success. */
    @Test
    void anErrorInsideASuccessIsAnError() {
        UploadSession session = uploads.start(blob(), METADATA).block(PATIENCE);
        UploadedPart part = stored(session, 1, 100);
        fake.plan("parts.complete", 3, new Refuse(200, "InternalError"));

        assertThat(failureOf(uploads.complete(session, List.of(part)))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(object(session.blob())).isNull();
    }

    @Test
    void aPartIsRepeatedAndOneThatWasDamagedIsNotStored() {
        UploadSession session = uploads.start(blob(), METADATA).block(PATIENCE);
        fake.plan("parts.store", 1, new ActThenDrop());
        UploadedPart part = stored(session, 1, 100);
        fake.plan("parts.store", 1, new DamageRequest());
        assertThat(failureOf(uploads.uploadPart(session, 1, Payload.of(bytes(200)), null)))
                .isInstanceOf(IntegrityException.class);

        assertThat(uploads.listParts(session, 0, 10).block(PATIENCE).parts())
                .singleElement()
                .satisfies(info -> assertThat(info.uploaded()).isEqualTo(part));
    }

    @Test
    void aPartThatIsLargerThanMayBeHeldIsRefused() {
        blobs = open(builder -> builder.maxPartSize(5 << 20));
        uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        UploadSession session = uploads.start(blob(), METADATA).block(PATIENCE);
        ByteBuffer mebibyte = ByteBuffer.allocate(1 << 20);
        Payload unknown = Payload.from(Flux.range(0, 6).map(i -> mebibyte.duplicate()));

        assertThat(uploads.limits().maxPartBytes()).isEqualTo(5 << 20);
        assertThat(failureOf(uploads.uploadPart(session, 1, unknown, null))).isInstanceOf(TooLargeException.class);
        assertThat(failureOf(uploads.uploadPart(session, 1, unknown.contentLength(6 << 20), null)))
                .isInstanceOf(TooLargeException.class);
        assertThat(fake.counts()).doesNotContainKey("parts.store");
    }

    @Test
    void sessionsAreListedPageByPage() {
        fake.objects().pageLimit(3);
        for (int i = 0; i < 7; i++) {
            uploads.start(blob(), METADATA).block(PATIENCE);
        }
        UploadSessionListing listing = blobs.facet(UploadSessionListing.class).orElseThrow();

        assertThat(listing.sessions("").collectList().block(PATIENCE))
                .hasSize(7)
                .doesNotHaveDuplicates();
        assertThat(fake.counts()).containsEntry("parts.sessions", 3);
    }

    /** What this instance refuses before any request is no request that was not answered. */
    @Test
    void aPutThatFindsNoRoomForItsLastStepIsNotApplied() {
        blobs = open(builder -> builder.threads(1).queue(1));
        fake.plan("describe", 1, new Stall());
        Disposable first = blobs.head(blob()).subscribe(info -> {}, error -> {});
        Disposable second = blobs.head(blob()).subscribe(info -> {}, error -> {});
        await(() -> fake.counts().containsKey("describe"));

        assertThat(failureOf(put(blob(), 10)))
                .isInstanceOf(AtCapacityException.class)
                .extracting(error -> ((TerraceException) error).determinacy())
                .isEqualTo(Determinacy.NOT_APPLIED);
        first.dispose();
        second.dispose();
    }

    private UploadedPart stored(UploadSession session, int number, int size) {
        return uploads.uploadPart(session, number, Payload.of(bytes(size)), null)
                .block(PATIENCE);
    }
}
