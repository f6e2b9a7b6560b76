// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** WB-1: the server acts on a blob, and its answer is lost. */
abstract class LostBlobAnswerRules {

    /** How often nothing more must have been sent, so that a client that is slow for a moment is not taken for one that waits. */
    private static final int GLANCES = 4;

    private final LongTermWireTest kit;

    LostBlobAnswerRules(LongTermWireTest kit) {
        this.kit = kit;
    }

    @Rule("WB-1.1")
    void aPutInOneRequestSucceedsOrSaysThatTheBlobMayBeThere() {
        kit.connected(1);
        BlobId id = kit.nearBlobs().fresh();
        kit.proxy().holdAnswers();
        Pending<BlobInfo> put = kit.beginPut(id, LongTermWireTest.SMALL);
        loseOnceVisible(id, put);

        assertVisibleAndTruthful(id, LongTermWireTest.SMALL, put);
    }

    @Rule("WB-1.2")
    void theLastStepOfALargePutSucceedsOrSaysThatTheBlobMayBeThere() {
        kit.connected(1);
        BlobId id = kit.nearBlobs().fresh();
        Sinks.Empty<Void> gate = Sinks.empty();
        Pending<BlobInfo> put = kit.beginPut(id, kit.largeBytes(), gate::asMono);
        awaitQuiet();
        kit.proxy().holdAnswers();
        gate.tryEmitEmpty();
        loseOnceVisible(id, put);

        assertVisibleAndTruthful(id, kit.largeBytes(), put);
    }

    @Rule("WB-1.3")
    void aDeleteFailsOrSucceedsAndCanBeRepeated() {
        BlobId id = kit.connected(LongTermWireTest.SMALL);
        kit.proxy().holdAnswers();
        Pending<Void> delete = kit.begin(kit.far().delete(id));
        Await.until(
                "the server has acted",
                () -> Await.optional(kit.near().head(id)).isEmpty() || delete.hasEnded());
        kit.awaitHeld(delete);
        kit.proxy().loseHeld();

        if (delete.error() != null) {
            assertThat(delete.failure().retryable() || delete.saysUnknown())
                    .as("%s", delete.failure())
                    .isTrue();
        }
        kit.recovers("it can be repeated", () -> kit.begin(kit.far().delete(id)).error() == null);
        kit.nearBlobs().assertAbsent(id);
    }

    @Rule(value = "WB-1.4", requirement = Requirement.CAPABILITY)
    void aCompletedUploadSucceedsOrSaysThatTheBlobMayBeThere() {
        MultipartUploads uploads = Assumed.facet(kit.far(), MultipartUploads.class);
        kit.connected(1);
        BlobId id = kit.nearBlobs().fresh();
        UploadSession session = Await.value(uploads.start(id, Samples.metadata("blob")));
        UploadedPart part =
                Await.value(uploads.uploadPart(session, 1, Payload.of(Bytes.of(LongTermWireTest.SMALL)), null));
        kit.proxy().holdAnswers();
        Pending<BlobInfo> complete = kit.begin(uploads.complete(session, List.of(part)));
        loseOnceVisible(id, complete);
        if (complete.saysNotApplied() && !(complete.error() instanceof UploadGoneException)) {
            // It asked for something first, such as the parts, and that answer was lost.
            kit.nearBlobs().assertInvisible(id);
            Await.done(uploads.abort(session).retry(3));
            kit.assertNothingUnfinished();
            return;
        }

        assertThat(complete.error() == null
                        || complete.saysUnknown()
                        || complete.failure() instanceof UploadGoneException)
                .as("the upload was completed, but the call ended with %s", complete.ended())
                .isTrue();
        assertThat(kit.nearBlobs().read(id)).isEqualTo(Bytes.of(LongTermWireTest.SMALL));
        Await.done(uploads.abort(session).retry(3));
        assertThat(kit.nearBlobs().read(id)).isEqualTo(Bytes.of(LongTermWireTest.SMALL));
        kit.assertNothingUnfinished();
    }

    private void loseOnceVisible(BlobId id, Pending<?> call) {
        Await.until(
                "the server has acted",
                () -> Await.optional(kit.near().head(id)).isPresent() || call.hasEnded());
        kit.awaitHeld(call);
        kit.proxy().loseHeld();
    }

    /** Waits until the client has sent what it sends before the gate opens. */
    private void awaitQuiet() {
        long[] seen = {-1};
        int[] quiet = {0};
        Await.until("the client has nothing more to send", () -> {
            long sent = kit.proxy().requestBytes();
            quiet[0] = sent == seen[0] && sent > kit.largeBytes() / 2 ? quiet[0] + 1 : 0;
            seen[0] = sent;
            Mono.delay(Duration.ofMillis(100)).block();
            return quiet[0] == GLANCES;
        });
    }

    private void assertVisibleAndTruthful(BlobId id, int size, Pending<BlobInfo> put) {
        assertThat(put.error() == null || put.saysUnknown())
                .as("the blob is there, but the call ended with %s", put.ended())
                .isTrue();
        // Whoever cleans up behind a call that failed does not remove it.
        Await.remains(
                WireConformanceTest.A_WHILE,
                () -> assertThat(Await.optional(kit.near().head(id))).isPresent());
        assertThat(kit.nearBlobs().read(id)).isEqualTo(Bytes.of(size));
        kit.assertNothingUnfinished();
    }
}
