// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static java.util.Objects.requireNonNull;

import io.terrace.Checksum;
import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.TooLargeException;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.gcs.GcsErrors.Kind;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.OnDemand;
import io.terrace.spi.PartDigest;
import io.terrace.spi.Retries;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Uploads in parts. The client sends a part from memory only, so a part is no larger than this instance is ready to hold.
 *
 * <p>The API has no precondition for the last step. A blob that is there is looked for before it, which suffices as long as the
 * sessions of one blob are not completed at the same time.
 */
final class GcsUploads implements MultipartUploads, UploadSessionListing {

    private static final int ATTEMPTS = 3;

    private final Bucket bucket;
    private final XmlUploads client;
    private final GcsThreads threads;
    private final Retries retries;
    private final UploadLimits limits;

    GcsUploads(Bucket bucket, XmlUploads client, GcsThreads threads, Retries retries, int maxPartBytes) {
        this.bucket = bucket;
        this.client = client;
        this.threads = threads;
        this.retries = retries;
        this.limits = new UploadLimits(XmlUploads.MAX_PARTS, XmlUploads.MIN_PART_BYTES, maxPartBytes);
    }

    @Override
    public UploadLimits limits() {
        return limits;
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        String what = "starting the upload of " + id;
        return threads.call(() -> client.start(id, metadata)).onErrorMap(error -> GcsErrors.write(what, error));
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        requireNonNull(session, "session");
        requireNonNull(body, "body");
        return Mono.defer(() -> {
            threads.checkOpen();
            limits.requirePart(GcsErrors.BACKEND, number, body.contentLength());
            retries.begin();
            Chunk part = new Chunk(body.contentLength(), Math.toIntExact(limits.maxPartBytes()));
            PartDigest digest = new PartDigest();
            return body.checkedBody()
                    .concatMap(bytes -> Mono.<Void>fromRunnable(() -> take(bytes, number, part, digest)), 0)
                    .then(Mono.defer(() -> {
                        digest.finish(number, checksum);
                        return send(session, number, part);
                    }));
        });
    }

    private void take(ByteBuffer bytes, int number, Chunk part, PartDigest digest) {
        digest.update(bytes);
        part.fill(bytes);
        if (bytes.hasRemaining()) {
            throw new TooLargeException(
                    GcsErrors.BACKEND,
                    "Part " + number + " has more than " + limits.maxPartBytes()
                            + " bytes, and a part has at most that many. Divide it, or raise max-part-size.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** The same bytes under the same number: free to be repeated. */
    private Mono<UploadedPart> send(UploadSession session, int number, Chunk part) {
        return retries.of(inSession(
                session, "storing part " + number, GcsErrors::write, () -> client.store(session, number, part.view())));
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        requireNonNull(session, "session");
        return inSession(
                session, "listing the parts", () -> client.parts(session, after, Math.min(max, XmlUploads.PAGE)));
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        requireNonNull(session, "session");
        List<UploadedPart> list = List.copyOf(parts);
        Mono<BlobInfo> assembled = inSession(session, "looking at the parts", () -> {
                    limits.requireList(GcsErrors.BACKEND, list, allParts(session)::get);
                    return true;
                })
                .flatMap(right -> {
                    retries.begin();
                    return finish(session, list, 1, false);
                });
        return inSession(session, "looking for the blob", () -> earlier(session))
                .switchIfEmpty(assembled)
                .onErrorResume(UploadGoneException.class, gone -> found(session, gone));
    }

    /** The blob, if a session has become it; this one is then of no more use. */
    private @Nullable BlobInfo earlier(UploadSession session) {
        BlobInfo info = describe(session);
        if (info != null) {
            client.abort(session);
        }
        return info;
    }

    private Map<Integer, PartInfo> allParts(UploadSession session) {
        Map<Integer, PartInfo> all = new TreeMap<>();
        PartPage page;
        int after = 0;
        do {
            page = client.parts(session, after, XmlUploads.PAGE);
            page.parts().forEach(part -> all.put(part.number(), part));
            after = page.nextMarker().orElse(0);
        } while (page.more());
        return all;
    }

    /** The last step; repeated identically if it is not clear what became of it. The session is gone then, or goes now. */
    private Mono<BlobInfo> finish(UploadSession session, List<UploadedPart> list, int attempt, boolean ambiguous) {
        return threads.call(() -> assemble(session, list), unused -> {}, false).onErrorResume(error -> {
            Kind kind = GcsErrors.kindOf(error);
            boolean unclear = ambiguous || kind.isAmbiguous();
            if (kind.mayPass() && attempt < ATTEMPTS && retries.mayRepeat()) {
                return retries.pause(attempt).then(Mono.defer(() -> finish(session, list, attempt + 1, unclear)));
            }
            String what = "completing the " + session;
            if (!unclear) {
                return Mono.error(kind == Kind.ABSENT ? gone(session) : GcsErrors.read(what, error));
            }
            TerraceException unknown = GcsErrors.unknown(what, error);
            return kind == Kind.ABSENT ? found(session, unknown) : Mono.error(unknown);
        });
    }

    private BlobInfo assemble(UploadSession session, List<UploadedPart> list) throws IOException {
        client.complete(session, list);
        BlobInfo info = describe(session);
        if (info == null) {
            throw new IOException("the object is not there yet, or not any more");
        }
        return info;
    }

    /** The blob if it is there, otherwise the error. */
    private Mono<BlobInfo> found(UploadSession session, TerraceException otherwise) {
        return inSession(session, "looking for the blob", () -> describe(session))
                .onErrorMap(unseen -> otherwise)
                .switchIfEmpty(Mono.error(otherwise));
    }

    private @Nullable BlobInfo describe(UploadSession session) {
        com.google.cloud.storage.Blob object = bucket.describe(session.blob());
        return object == null ? null : Bucket.infoOf(session.blob(), object);
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        requireNonNull(session, "session");
        return threads.call(() -> {
                    client.abort(session);
                    return true;
                })
                .onErrorMap(error -> GcsErrors.write("aborting the " + session, error))
                .then();
    }

    @Override
    public Flux<UploadSession> sessions(String prefix) {
        requireNonNull(prefix, "prefix");
        return OnDemand.read(() -> new SessionPages(client, threads, prefix));
    }

    private <T> Mono<T> inSession(UploadSession session, String what, Callable<? extends @Nullable T> work) {
        return inSession(session, what, GcsErrors::read, work);
    }

    private <T> Mono<T> inSession(
            UploadSession session,
            String what,
            BiFunction<String, Throwable, TerraceException> mapped,
            Callable<? extends @Nullable T> work) {
        return threads.<T>call(work)
                .onErrorMap(error -> GcsErrors.kindOf(error) == Kind.ABSENT
                        ? gone(session)
                        : mapped.apply(what + " of the " + session, error));
    }

    private static UploadGoneException gone(UploadSession session) {
        return new UploadGoneException(
                GcsErrors.BACKEND,
                "There is no " + session + ": it was completed or aborted, or it never began. Begin another one.");
    }
}
