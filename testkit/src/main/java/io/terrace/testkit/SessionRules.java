// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** MU-6 and MU-7: giving uploads up, and finding those that were abandoned. */
abstract class SessionRules {

    private final LongTermConformanceTest kit;
    private final Parts parts;

    SessionRules(LongTermConformanceTest kit) {
        this.kit = kit;
        this.parts = kit.parts();
    }

    @Rule(value = "MU-6.1", requirement = Requirement.CAPABILITY)
    void anAbortEndsTheSessionAndNoOther() {
        UploadSession aborted = parts.started();
        UploadSession other = parts.started();
        UploadedPart part = parts.uploaded(aborted, 1, parts.bytes(10));
        UploadedPart kept = parts.uploaded(other, 1, parts.bytes(10));
        parts.abort(aborted);

        assertThat(Await.error(parts.facet().complete(aborted, List.of(part)))).isInstanceOf(UploadGoneException.class);
        parts.blobs().assertInvisible(aborted.blob());
        parts.completed(other, kept);
    }

    @Rule(value = "MU-6.2", requirement = Requirement.CAPABILITY)
    void anAbortMayBeRepeatedAndLeavesWhatWasCompleted() {
        UploadSession completed = parts.started();
        parts.completed(completed, parts.uploaded(completed, 1, parts.bytes(10)));
        UploadSession aborted = parts.started();
        for (int i = 0; i < 2; i++) {
            parts.abort(aborted);
            parts.abort(completed);
        }

        assertThat(parts.blobs().read(completed.blob())).isEqualTo(parts.bytes(10));
    }

    @Rule(value = "MU-6.3", requirement = Requirement.CAPABILITY)
    void aPartUnderWayDoesNotBringTheSessionBack() {
        UploadSession session = parts.started();
        Sinks.Many<ByteBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
        body.emitNext(Bytes.of(10), Sinks.EmitFailureHandler.FAIL_FAST);
        CompletableFuture<UploadedPart> upload =
                parts.upload(session, 1, Payload.from(body.asFlux())).toFuture();
        parts.abort(session);
        body.emitNext(Bytes.of(20), Sinks.EmitFailureHandler.FAIL_FAST);
        body.tryEmitComplete();
        Await.ended(Mono.fromFuture(upload));

        assertThat(Await.error(parts.facet().listParts(session, 0, 10))).isInstanceOf(UploadGoneException.class);
    }

    @Rule(value = "MU-7.1", requirement = Requirement.CAPABILITY)
    void sessionsAreListedByThePathOfTheirObjectUntilTheyEnd() {
        UploadSessionListing listing = kit.facet(UploadSessionListing.class);
        UploadSession open = parts.started();
        UploadSession second = parts.started(open.blob());
        UploadSession other = parts.started();
        UploadSession aborted = parts.started();
        parts.abort(aborted);
        UploadSession completed = parts.started();
        parts.completed(completed, parts.uploaded(completed, 1, parts.bytes(1)));

        assertThat(Await.all(listing.sessions(""))).containsExactlyInAnyOrder(open, second, other);
        assertThat(Await.all(listing.sessions(open.blob().object().storagePath())))
                .containsExactlyInAnyOrder(open, second);
        assertThat(Await.all(listing.sessions(open.blob().storagePath()))).isEmpty();
    }

    @Rule(value = "MU-7.2", requirement = Requirement.CAPABILITY)
    void aListingOfSessionsIsReadByDemandAndEndsWhenCancelled() {
        UploadSessionListing listing = kit.facet(UploadSessionListing.class);
        List<UploadSession> started = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            started.add(parts.started());
        }
        Demand<UploadSession> demand = Demand.on(listing.sessions(""));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
        assertThat(started).containsAll(demand.received());
    }
}
