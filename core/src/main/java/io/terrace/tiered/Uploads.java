// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Checksum;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.spi.MultipartUploads;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** R10: what callers ask of uploads in parts, each handed to the class that does it. */
final class Uploads implements ObjectUploads {

    private final Tiers tiers;
    private final Operations operations;
    private final Observed observed;
    private final UploadAccess access;
    private final StartUpload starts;
    private final CompleteUpload completes;
    private final EndUpload ends;

    Uploads(Tiers tiers, Operations operations, Policies policies, Observed observed) {
        this.tiers = tiers;
        this.operations = operations;
        this.observed = observed;
        this.access = new UploadAccess(tiers);
        this.starts = new StartUpload(tiers, policies);
        this.ends = new EndUpload(tiers);
        this.completes = new CompleteUpload(tiers, access, ends);
    }

    @Override
    public Mono<UploadId> initiate(ObjectId id, ObjectMetadata metadata) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(metadata, "metadata");
        return observed.mono(
                Operation.INITIATE,
                id.context(),
                RunToCompletion.of(operations, 0, point -> starts.start(store("initiate"), id, metadata, point)));
    }

    @Override
    public Mono<UploadedPart> uploadPart(
            ObjectId id, UploadId upload, int number, Payload payload, @Nullable Checksum checksum) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(upload, "upload");
        Objects.requireNonNull(payload, "payload");
        return observed.mono(Operation.UPLOAD_PART, id.context(), RunToAnswer.of(operations, () -> {
            MultipartUploads store = store("uploadPart");
            return access.findActive(id, upload)
                    .flatMap(record -> store.uploadPart(record.session(), number, payload, checksum));
        }));
    }

    @Override
    public Mono<PartPage> listParts(ObjectId id, UploadId upload, int after, int max) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(upload, "upload");
        if (after < 0 || max < 1) {
            throw new IllegalArgumentException(
                    "A page begins after a part of number 0 or more and has at least one part: after is " + after
                            + ", max is " + max + ".");
        }
        return observed.mono(Operation.LIST_PARTS, id.context(), RunToAnswer.of(operations, () -> {
            MultipartUploads store = store("listParts");
            return access.findActive(id, upload).flatMap(record -> store.listParts(record.session(), after, max));
        }));
    }

    @Override
    public Mono<ObjectInfo> complete(ObjectId id, UploadId upload, List<UploadedPart> parts) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(upload, "upload");
        List<UploadedPart> list = List.copyOf(parts);
        return observed.mono(
                Operation.COMPLETE,
                id.context(),
                RunToCompletion.of(
                        operations, 0, point -> completes.complete(store("complete"), id, upload, list, point)));
    }

    @Override
    public Mono<Void> abort(ObjectId id, UploadId upload) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(upload, "upload");
        return observed.mono(Operation.ABORT, id.context(), RunToCompletion.of(operations, 0, point -> {
            MultipartUploads store = store("abort");
            return point.pass() ? abort(store, id, upload) : Mono.<Answer<Void>>empty();
        }));
    }

    private Mono<Answer<Void>> abort(MultipartUploads store, ObjectId id, UploadId upload) {
        return access.find(id, upload)
                .flatMap(record -> ends.end(store, record))
                .onErrorMap(error -> UploadErrors.mayHaveHappened(error, "abort", id))
                .flatMap(end -> switch (end) {
                    case COMMITTED -> Mono.error(UploadAccess.completed(id));
                    case DEAD -> Mono.just(Answer.of(null, null));
                });
    }

    private MultipartUploads store(String operation) {
        return Facets.require(tiers.blobs(), MultipartUploads.class, operation);
    }
}
