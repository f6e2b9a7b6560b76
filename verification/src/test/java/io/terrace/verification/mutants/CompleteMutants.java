// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Checksum;
import io.terrace.InvalidPartException;
import io.terrace.InvalidPartException.Reason;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores that are wrong about how an upload in parts ends. */
final class CompleteMutants {

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of(
                    "an upload is completed when the call is assembled",
                    clock -> completing((uploads, session, call) -> {
                        Mono<BlobInfo> completed = call.cache();
                        completed.subscribe(info -> {}, error -> {});
                        return completed;
                    }),
                    "MU-1.1",
                    "MU-1.4"),
            Mutant.of(
                    "an answer to a complete has no size",
                    clock -> completing(
                            (uploads, session, call) -> call.map(info -> new BlobInfo(info.id(), 0, info.metadata()))),
                    "MU-3.1",
                    "MU-5.1"),
            Mutant.of(
                    "no part at all is an empty blob",
                    clock -> completing((uploads, session, call) -> call.onErrorResume(
                            InvalidPartException.class,
                            error -> error.reason() == Reason.NO_PARTS
                                    ? uploads.abort(session)
                                            .then(uploads.blobs()
                                                    .put(
                                                            session.blob(),
                                                            ObjectMetadata.defaults(),
                                                            Payload.ofText(""),
                                                            CommitGate.OPEN))
                                    : Mono.error(error))),
                    "MU-5.2"),
            Mutant.of(
                    "a list is put in order",
                    clock -> listed((list, stored) -> list.stream()
                            .distinct()
                            .sorted(Comparator.comparing(UploadedPart::number))
                            .toList()),
                    "MU-5.3"),
            Mutant.of(
                    "parts that were not uploaded are left out",
                    clock -> listed((list, stored) -> list.stream()
                            .filter(named -> stored.stream().anyMatch(part -> part.number() == named.number()))
                            .toList()),
                    "MU-5.4"),
            Mutant.of(
                    "ETags are not looked at",
                    clock -> listed((list, stored) -> list.stream()
                            .map(named -> stored.stream()
                                    .filter(part -> part.number() == named.number())
                                    .map(PartInfo::uploaded)
                                    .findFirst()
                                    .orElse(named))
                            .toList()),
                    "MU-5.5"),
            Mutant.of("a smallest size is claimed and not insisted on", clock -> new Lenient(), "MU-5.6"),
            Mutant.of(
                    "a wrong list ends the session",
                    clock -> completing((uploads, session, call) ->
                            call.onErrorResume(InvalidPartException.class, error -> uploads.abort(session)
                                    .then(Mono.error(error)))),
                    "MU-5.2",
                    "MU-5.3",
                    "MU-5.4",
                    "MU-5.5",
                    "MU-5.6"),
            Mutant.of(
                    "a repeated complete removes the blob",
                    clock -> completing((uploads, session, call) -> call.onErrorResume(
                            UploadGoneException.class,
                            error -> uploads.blobs().delete(session.blob()).then(Mono.error(error)))),
                    "MU-5.7",
                    "MU-5.8"),
            Mutant.of(
                    "completes at once fail",
                    clock -> completing((uploads, session, call) -> Mono.defer(
                            () -> ForwardingRows.inRace() ? call.onErrorMap(error -> Mutant.refusal()) : call)),
                    "MU-5.8"),
            Mutant.of(
                    "a blob that is there is replaced",
                    clock -> completing((uploads, session, call) -> Mono.defer(() -> ForwardingRows.inRace()
                            ? call
                            : uploads.listParts(session, 0, 1)
                                    .then(uploads.blobs().delete(session.blob()))
                                    .then(call))),
                    "MU-5.9"),
            Mutant.of(
                    "a cancelled complete leaves a part of the blob",
                    clock -> ForwardingUploads.in(Half::new),
                    "MU-5.10"),
            Mutant.of(
                    "an abort does nothing",
                    clock -> aborting((uploads, session, call) -> Mono.empty()),
                    "MU-1.2",
                    "MU-6.1",
                    "MU-6.3",
                    "MU-7.1"),
            Mutant.of(
                    "an abort removes what was completed",
                    clock -> aborting((uploads, session, call) ->
                            call.then(uploads.blobs().delete(session.blob()))),
                    "MU-6.2"),
            Mutant.of(
                    "a part under way brings the session back",
                    clock -> ForwardingUploads.in(Reviving::new),
                    "MU-1.2",
                    "MU-6.3"),
            Mutant.of(
                    "a listing has one session of each blob",
                    clock -> listing(sessions -> sessions.distinct(UploadSession::blob)),
                    "MU-7.1"),
            Mutant.of(
                    "a listing of sessions emits everything at once",
                    clock -> listing(RowListingMutants::ignoringDemand),
                    "MU-7.2"));

    private CompleteMutants() {}

    /** Makes something else of a call. */
    private interface Instead<T> {
        Mono<T> of(ForwardingUploads uploads, UploadSession session, Mono<T> call);
    }

    /** Makes another list of the one that was brought and the parts that there are. */
    private interface Relisting {
        List<UploadedPart> of(List<UploadedPart> list, List<PartInfo> stored);
    }

    private static ForwardingBlobs completing(Instead<BlobInfo> wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
                return wrongly.of(this, session, super.complete(session, parts));
            }
        });
    }

    private static ForwardingBlobs aborting(Instead<Void> wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Mono<Void> abort(UploadSession session) {
                return wrongly.of(this, session, super.abort(session));
            }
        });
    }

    private static ForwardingBlobs listed(Relisting wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
                return super.listParts(session, 0, 10_000)
                        .flatMap(page -> super.complete(session, wrongly.of(parts, page.parts())));
            }
        });
    }

    private static ForwardingBlobs listing(UnaryOperator<Flux<UploadSession>> wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Flux<UploadSession> sessions(String prefix) {
                return wrongly.apply(super.sessions(prefix));
            }
        });
    }

    /** Says that parts must have a size, and takes every one. */
    private static final class Lenient extends ForwardingBlobs {
        private final ForwardingUploads wrong = new ForwardingUploads(blobs()) {
            @Override
            public UploadLimits limits() {
                UploadLimits limits = super.limits();
                return new UploadLimits(limits.maxPartNumber(), 100, limits.maxPartBytes());
            }
        };

        Lenient() {
            super(InMemoryBlobs.builder(TerraceRuntime.system()).build());
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            return type.isInstance(wrong) ? Optional.of(type.cast(wrong)) : super.facet(type);
        }
    }

    /** Shows something before it does the work, which is only done when the answer is asked for. */
    private static final class Half extends ForwardingUploads {

        Half(LongTermBackend blobs) {
            super(blobs);
        }

        @Override
        public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
            Mono<BlobInfo> whole = super.complete(session, parts);
            return Mono.defer(() -> {
                if (ForwardingRows.inRace() || blobs().head(session.blob()).block() != null) {
                    return whole;
                }
                Mono<BlobInfo> half =
                        blobs().put(session.blob(), ObjectMetadata.defaults(), Payload.ofText("half"), CommitGate.OPEN);
                return super.listParts(session, 0, 1).then(half).block() == null
                        ? whole
                        : Mono.fromSupplier(
                                () -> blobs().delete(session.blob()).then(whole).block());
            });
        }
    }

    /** Says of a session that a part came too late for that it is there, without parts. */
    private static final class Reviving extends ForwardingUploads {
        private final Set<UploadSession> revived = ConcurrentHashMap.newKeySet();

        Reviving(LongTermBackend blobs) {
            super(blobs);
        }

        @Override
        public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, Checksum checksum) {
            return super.uploadPart(session, number, body, checksum)
                    .doOnError(UploadGoneException.class, gone -> revived.add(session));
        }

        @Override
        public Mono<PartPage> listParts(UploadSession session, int after, int max) {
            return super.listParts(session, after, max)
                    .onErrorResume(
                            UploadGoneException.class,
                            gone -> revived.contains(session)
                                    ? Mono.just(new PartPage(List.of(), false))
                                    : Mono.error(gone));
        }
    }
}
