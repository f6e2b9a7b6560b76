// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.InvalidPartException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.Scopes;
import io.terrace.TooLargeException;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.Backend;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class InMemoryUploadsTest {

    private final ManualRuntime runtime = new ManualRuntime(1);
    private final InMemoryBlobs blobs =
            InMemoryBlobs.builder(runtime).capacityBytes(1000).minPartBytes(4).build();
    private final MultipartUploads uploads = blobs.facet(MultipartUploads.class).orElseThrow();
    private final UploadSessionListing sessions =
            blobs.facet(UploadSessionListing.class).orElseThrow();
    private final BlobId blob = new BlobId(
            ObjectId.of(ObjectContext.of("u", Scopes.none()), "k"),
            TerraceRuntime.system().newUuid());
    private final UploadSession session =
            uploads.start(blob, ObjectMetadata.of("text/plain")).block();

    @Test
    void partsBecomeOneBlobInTheOrderOfTheirNumbers() {
        UploadedPart second = upload(2, "world");
        UploadedPart first = upload(1, "hello ");
        upload(3, "left out");

        assertThat(blobs.head(blob).blockOptional()).isEmpty();
        assertThat(uploads.complete(session, List.of(first, second)).block().size())
                .isEqualTo(11);

        assertThat(read(blob)).isEqualTo("hello world");
        assertThat(blobs.head(blob).block().metadata()).isEqualTo(ObjectMetadata.of("text/plain"));
        gone(uploads.complete(session, List.of(first, second)));
        gone(uploads.uploadPart(session, 1, Payload.ofText("late"), null));
        gone(uploads.listParts(session, 0, 10));
        assertThat(uploads.abort(session).blockOptional()).isEmpty();
        assertThat(read(blob)).isEqualTo("hello world");
    }

    @Test
    void aPartIsReplacedByTheNextUploadOfItsNumber() {
        UploadedPart before = upload(1, "before");
        UploadedPart after = upload(1, "after");

        refused(InvalidPartException.class, uploads.complete(session, List.of(before)));
        uploads.complete(session, List.of(after)).block();

        assertThat(read(blob)).isEqualTo("after");
    }

    @Test
    void aPartThatBreaksLeavesTheOldOne() {
        UploadedPart old = upload(1, "old");
        Flux<ByteBuffer> broken =
                Payload.ofText("new").body().concatWith(Mono.error(new IllegalStateException("the client went away")));

        refused(ClientPayloadException.class, uploads.uploadPart(session, 1, Payload.from(broken), null));
        refused(
                ClientPayloadException.class,
                uploads.uploadPart(session, 1, Payload.ofText("new"), Checksum.crc32c(1)));
        refused(
                ClientPayloadException.class,
                uploads.uploadPart(
                        session, 1, Payload.from(Payload.ofText("new").body()).contentLength(4), null));

        assertThat(list(0, 10).parts()).extracting(PartInfo::uploaded).containsExactly(old);
    }

    @Test
    void aCancelledPartIsGivenUp() {
        Sinks.Many<ByteBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
        StepVerifier.create(uploads.uploadPart(session, 1, Payload.from(body.asFlux()), null))
                .then(() -> body.tryEmitNext(ByteBuffer.allocate(900)))
                .thenCancel()
                .verify();

        assertThat(list(0, 10).parts()).isEmpty();
        upload(1, "x".repeat(1000));
    }

    @Test
    void partsAreListedByThePage() {
        for (int number : List.of(7, 3, 10_000, 1)) {
            upload(number, "part " + number);
        }

        PartPage first = list(0, 3);
        assertThat(first.parts()).extracting(PartInfo::number).containsExactly(1, 3, 7);
        assertThat(first.nextMarker()).hasValue(7);
        UploadedPart highest = upload(10_000, "part 10000");
        assertThat(list(7, 3).parts()).containsExactly(new PartInfo(10_000, highest.etag(), 10, runtime.nowMicros()));
        assertThat(list(7, 3).more()).isFalse();
        assertThat(list(10_000, 3).parts()).isEmpty();
    }

    @Test
    void aSmallPartIsRefusedUnlessItIsTheLast() {
        UploadedPart small = upload(1, "abc");
        UploadedPart last = upload(2, "d");

        refused(InvalidPartException.class, uploads.complete(session, List.of(small, last)));
        UploadedPart enough = upload(1, "abcd");
        uploads.complete(session, List.of(enough, last)).block();

        assertThat(read(blob)).isEqualTo("abcdd");
    }

    @Test
    void partsTakeRoomUntilTheirSessionEnds() {
        UploadedPart kept = upload(1, "x".repeat(600));
        refused(AtCapacityException.class, uploads.uploadPart(session, 2, Payload.ofText("y".repeat(500)), null));
        refused(TooLargeException.class, uploads.uploadPart(session, 2, Payload.ofText("y".repeat(1001)), null));
        upload(2, "y".repeat(400));
        uploads.complete(session, List.of(kept)).block();

        BlobId other = new BlobId(blob.object(), TerraceRuntime.system().newUuid());
        UploadSession next = uploads.start(other, ObjectMetadata.defaults()).block();
        uploads.uploadPart(next, 1, Payload.ofText("z".repeat(400)), null).block();
        uploads.abort(next).block();
        blobs.delete(blob).block();

        assertThat(blobs.put(other, ObjectMetadata.defaults(), Payload.ofText("z".repeat(1000)), CommitGate.OPEN)
                        .block()
                        .size())
                .isEqualTo(1000);
    }

    @Test
    void aTokenIsOfOneBlobOnly() {
        BlobId other = new BlobId(blob.object(), TerraceRuntime.system().newUuid());
        UploadSession forged = new UploadSession(other, session.token());

        gone(uploads.uploadPart(forged, 1, Payload.ofText("x"), null));
        gone(uploads.uploadPart(new UploadSession(blob, "../x"), 1, Payload.ofText("x"), null));
        uploads.abort(forged).block();
        upload(1, "still there");
    }

    @Test
    void sessionsAreListedUntilTheyEnd() {
        UploadSession second = uploads.start(blob, ObjectMetadata.defaults()).block();

        assertThat(sessions.sessions("").collectList().block()).containsExactly(session, second);
        assertThat(sessions.sessions("other").collectList().block()).isEmpty();
        uploads.abort(session).block();
        assertThat(sessions.sessions("u/").collectList().block()).containsExactly(second);
    }

    @Test
    void theFacetDoesNotHideTheBackend() {
        assertThat(blobs.facet(LongTermBackend.class)).containsSame(blobs);
        assertThat(blobs.facet(Backend.class)).containsSame(blobs);
        assertThat(blobs.facet(Runnable.class)).isEmpty();
    }

    private UploadedPart upload(int number, String text) {
        return uploads.uploadPart(session, number, Payload.ofText(text), null).block();
    }

    private PartPage list(int after, int max) {
        return uploads.listParts(session, after, max).block();
    }

    private String read(BlobId id) {
        return blobs.get(id, null)
                .flatMapMany(content -> content.body())
                .map(bytes -> UTF_8.decode(bytes).toString())
                .collect(Collectors.joining())
                .block();
    }

    private static void gone(Mono<?> call) {
        refused(UploadGoneException.class, call);
    }

    private static void refused(Class<? extends Throwable> error, Mono<?> call) {
        StepVerifier.create(call).verifyError(error);
    }
}
