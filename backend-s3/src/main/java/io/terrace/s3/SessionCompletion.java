// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.UploadSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Makes the parts of a session one blob. They are listed first, because S3 says that a list is wrong and not which part of
 * it, and not all stores look at all of it.
 */
final class SessionCompletion {

    private final S3Store store;
    private final UploadSession session;
    private final List<UploadedPart> list;
    private final Pages pages;
    private final String what;

    SessionCompletion(S3Store store, UploadSession session, List<UploadedPart> list, Pages pages) {
        this.store = store;
        this.session = session;
        this.list = list;
        this.pages = pages;
        this.what = "completing the " + session;
    }

    /** The parts that are there. */
    @FunctionalInterface
    interface Pages {
        Mono<PartPage> page(UploadSession session, int after, int max);
    }

    Mono<BlobInfo> run() {
        return stored(0, new HashMap<>())
                .doOnNext(stored -> S3Uploads.LIMITS.requireList(S3Errors.BACKEND, list, stored::get))
                .then(Mono.defer(
                        () -> new Commit(what, () -> store.client().completeMultipartUpload(request()), store.retries())
                                .settle()))
                .flatMap(this::answer);
    }

    private Mono<Map<Integer, PartInfo>> stored(int after, Map<Integer, PartInfo> found) {
        return store.retries().of(pages.page(session, after, 1000)).flatMap(page -> {
            page.parts().forEach(part -> found.put(part.number(), part));
            return page.more() ? stored(page.nextMarker().getAsInt(), found) : Mono.just(found);
        });
    }

    private CompleteMultipartUploadRequest request() {
        List<CompletedPart> parts = list.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(ETags.quoted(part.etag()))
                        .build())
                .toList();
        return CompleteMultipartUploadRequest.builder()
                .bucket(store.bucket())
                .key(store.keys().of(session.blob()))
                .uploadId(session.token())
                .multipartUpload(all -> all.parts(parts))
                .ifNoneMatch("*")
                .overrideConfiguration(store::patiently)
                .build();
    }

    private Mono<BlobInfo> answer(Commit.End end) {
        return switch (end) {
            case WRITTEN -> found();
            case FOUND ->
                RemoteUpload.abort(store, session.blob(), session.token())
                        .onErrorComplete()
                        .then(found());
            case UPLOAD_GONE -> Mono.error(S3Errors.gone(session));
            // An attempt of ours that was not answered has ended it, or somebody has aborted it.
            case UPLOAD_GONE_LATER ->
                head().switchIfEmpty(Mono.error(() -> new OutcomeUnknownException(
                        S3Errors.BACKEND, "It may have been done and deleted since: " + what)));
        };
    }

    private Mono<BlobInfo> found() {
        return head().switchIfEmpty(Mono.error(() -> new BackendUnavailableException(
                S3Errors.BACKEND, "It was done, and the blob deleted at once: " + what, Determinacy.UNKNOWN)));
    }

    private Mono<BlobInfo> head() {
        return store.retries().of(Mono.defer(() -> store.head(session.blob())));
    }
}
