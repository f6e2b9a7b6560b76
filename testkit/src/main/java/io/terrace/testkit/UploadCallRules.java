// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Capability;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** MU-1: what holds for every operation on uploads in parts. */
abstract class UploadCallRules {

    private static final int CHUNK = 64 << 10;

    private final LongTermConformanceTest kit;
    private final Parts parts;

    UploadCallRules(LongTermConformanceTest kit) {
        this.kit = kit;
        this.parts = kit.parts();
    }

    @Rule(value = "MU-1.1", requirement = Requirement.CAPABILITY)
    void nothingIsVisibleBeforeTheUploadIsCompleted() {
        UploadSession session = parts.started();
        parts.blobs().assertAbsent(session.blob());
        UploadedPart first = parts.uploaded(session, 1, parts.bytes(100));
        UploadedPart second = parts.uploaded(session, 2, parts.bytes(200));
        Mono<BlobInfo> complete = parts.facet().complete(session, List.of(first, second));
        parts.blobs().assertInvisible(session.blob());
        Await.done(complete);

        assertThat(Await.optional(parts.blobs().backend().head(session.blob()))).isPresent();
    }

    @Rule(value = "MU-1.2", requirement = Requirement.CAPABILITY)
    void ofASessionThatIsGoneEveryCallButAbortSaysSo() {
        UploadSession aborted = parts.started();
        UploadedPart part = parts.uploaded(aborted, 1, parts.bytes(1));
        parts.abort(aborted);
        UploadSession live = parts.started();
        for (UploadSession gone : List.of(
                aborted,
                new UploadSession(parts.blobs().fresh(), live.token()),
                new UploadSession(live.blob(), "../../nothing of ours"))) {
            for (Mono<?> call : List.<Mono<?>>of(
                    parts.upload(gone, 1, Payload.of(parts.bytes(1))),
                    parts.facet().listParts(gone, 0, 10),
                    parts.facet().complete(gone, List.of(part)))) {
                assertThat(Await.error(call)).isInstanceOf(UploadGoneException.class);
            }
            parts.abort(gone);
        }

        assertThat(parts.listed(live)).isEmpty();
    }

    @Rule(value = "MU-1.3", requirement = Requirement.CAPABILITY)
    void aSourceIsAskedForNoMoreThanABackendHolds() {
        AtomicLong asked = new AtomicLong();
        AtomicLong most = new AtomicLong();
        ByteBuffer chunk = Bytes.of(CHUNK);
        Flux<ByteBuffer> body = Flux.range(0, 8 << 20 >> 16)
                .map(i -> chunk.duplicate())
                .doOnRequest(more -> most.accumulateAndGet(asked.addAndGet(Math.min(more, 1L << 40)), Math::max))
                .doOnNext(sent -> asked.decrementAndGet());
        Await.done(parts.upload(parts.started(), 1, Payload.from(body)));

        assertThat(most.get() * CHUNK).as("bytes asked for at a time").isLessThanOrEqualTo(kit.partBytes());
    }

    @Rule(value = "MU-1.4", requirement = Requirement.CAPABILITY)
    void nothingHappensBeforeSubscriptionAndEachSubscriptionIsOneCall() {
        UploadSession session = parts.started();
        UploadedPart part = parts.uploaded(session, 1, parts.bytes(1));
        MultipartUploads facet = parts.facet();
        AtomicInteger subscribed = new AtomicInteger();
        Payload body = Payload.from(Flux.just(parts.bytes(1)).doOnSubscribe(s -> subscribed.incrementAndGet()));
        Mono<UploadedPart> upload = facet.uploadPart(session, 2, body, null);
        Mono<PartPage> list = facet.listParts(session, 0, 10);
        Mono<UploadSession> start = facet.start(parts.blobs().fresh(), Samples.metadata("v"));
        List<Mono<?>> never = List.of(facet.abort(session), facet.complete(session, List.of(part)));

        Await.remains(() -> assertThat(subscribed).hasValue(0));
        assertThat(Await.value(list).parts()).extracting(PartInfo::uploaded).containsExactly(part);
        Await.done(upload);
        assertThat(subscribed).hasValue(1);
        assertThat(Await.value(list).parts()).hasSize(2);
        assertThat(Await.value(start)).isNotEqualTo(Await.value(start));
        assertThat(never).hasSize(2);
    }

    @Rule(value = "MU-1.5", requirement = Requirement.CAPABILITY)
    void sessionsAndPartsSurviveTheDeathOfTheProcess() {
        kit.assume(Capability.DURABLE);
        UploadSession open = parts.started();
        UploadedPart part = parts.uploaded(open, 3, parts.bytes(70_000));
        UploadSession completed = parts.started();
        parts.completed(completed, parts.uploaded(completed, 1, parts.bytes(5)));
        UploadSession aborted = parts.started();
        parts.abort(aborted);
        kit.reopen();

        assertThat(parts.listed(open)).extracting(PartInfo::uploaded).containsExactly(part);
        parts.completed(open, part);
        assertThat(parts.blobs().read(open.blob())).isEqualTo(parts.bytes(70_000));
        assertThat(parts.blobs().read(completed.blob())).isEqualTo(parts.bytes(5));
        assertThat(Await.error(parts.facet().listParts(aborted, 0, 1))).isInstanceOf(UploadGoneException.class);
    }

    @Rule(value = "MU-1.6", requirement = Requirement.CAPABILITY)
    void allRulesHoldAmongInstancesThatShareAStore() {
        kit.assume(Capability.SHARED);
        parts.facet();
        LongTermBackend other = kit.share();
        MultipartUploads theirs = other.facet(MultipartUploads.class).orElseThrow();
        UploadSession session = parts.started();
        UploadedPart mine = parts.uploaded(session, 1, parts.bytes(10));
        UploadedPart second = Await.value(theirs.uploadPart(session, 2, Payload.of(parts.bytes(20)), null));

        assertThat(parts.listed(session)).extracting(PartInfo::uploaded).containsExactly(mine, second);
        Await.done(theirs.complete(session, List.of(mine, second)));
        assertThat(Parts.isGone(parts.facet().listParts(session, 0, 1))).isTrue();
        assertThat(parts.blobs().read(session.blob())).isEqualTo(Bytes.join(List.of(parts.bytes(10), parts.bytes(20))));
    }

    @Rule(value = "MU-1.7", requirement = Requirement.CAPABILITY)
    void everyBlobIdCanBeUploadedInParts() {
        parts.facet();
        for (ObjectId object : Samples.objects()) {
            BlobId id = new BlobId(object, Blobs.of("any").uuid());
            Mono<UploadSession> start = parts.facet().start(id, Samples.metadata("v"));
            Throwable error = Await.ended(start).getThrowable();
            if (error != null) {
                assertThat(Samples.canHaveBlobsEverywhere(object)).as("%s", id).isFalse();
                assertThat(error).isInstanceOf(TooLargeException.class);
                continue;
            }
            UploadSession session = Await.value(start);
            assertThat(session.blob()).isEqualTo(id);
            parts.completed(session, parts.uploaded(session, 1, parts.bytes(7)));
            assertThat(parts.blobs().read(id)).as("%s", id).isEqualTo(parts.bytes(7));
        }
    }
}
