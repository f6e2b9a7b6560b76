// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.InvalidPartException;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Stores that are wrong about the parts of an upload. */
final class PartMutants {

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of(
                    "a session that is gone is any error",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<PartPage> listParts(UploadSession session, int after, int max) {
                            return super.listParts(session, after, max)
                                    .onErrorMap(UploadGoneException.class, gone -> Mutant.refusal());
                        }
                    }),
                    "MU-1.2",
                    "MU-6.3"),
            Mutant.of(
                    "a part is asked for all at once",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            return super.uploadPart(
                                    session,
                                    number,
                                    changed(
                                            body,
                                            Payload.from(
                                                    body.body().buffer(1000).flatMapIterable(pieces -> pieces))),
                                    checksum);
                        }
                    }),
                    "MU-1.3"),
            Mutant.of(
                    "a part is uploaded when the call is assembled",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            Mono<UploadedPart> uploaded = super.uploadPart(session, number, body, checksum)
                                    .cache();
                            uploaded.subscribe(part -> {}, error -> {});
                            return uploaded;
                        }
                    }),
                    "MU-1.4",
                    "MU-3.5"),
            Mutant.of(
                    "objects with long names cannot be uploaded in parts",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
                            return id.object().key().length() > 900
                                    ? blobs().check().then(Mono.error(Mutant.refusal()))
                                    : super.start(id, metadata);
                        }
                    }),
                    "MU-1.7"),
            Mutant.of(
                    "a blob has one session",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        private final Map<BlobId, UploadSession> started = new ConcurrentHashMap<>();

                        @Override
                        public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
                            return Mono.defer(() -> started.containsKey(id)
                                            && !id.object().key().equals("operations")
                                    ? Mono.just(started.get(id))
                                    : super.start(id, metadata).doOnNext(session -> started.put(id, session)));
                        }
                    }),
                    "MU-1.4",
                    "MU-2.1",
                    "MU-5.9",
                    "MU-7.1"),
            Mutant.of(
                    "a part of more than 4 MiB loses its last byte",
                    clock -> uploading(
                            bytes -> bytes.remaining() > 4 << 20 ? bytes.slice(0, bytes.remaining() - 1) : bytes),
                    "MU-3.1"),
            Mutant.of(
                    "an ETag says only which part it is",
                    clock -> ForwardingUploads.in(NumberedTags::new),
                    "MU-3.2",
                    "MU-5.5"),
            Mutant.of(
                    "a part that is there stays",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            Mono<UploadedPart> upload = super.uploadPart(session, number, body, checksum);
                            return super.listParts(session, number - 1, 1)
                                    .flatMapIterable(PartPage::parts)
                                    .filter(part -> part.number() == number)
                                    .map(PartInfo::uploaded)
                                    .next()
                                    .switchIfEmpty(upload);
                        }
                    }),
                    "MU-3.2",
                    "MU-3.3",
                    "MU-3.4",
                    "MU-3.5",
                    "MU-5.5",
                    "MU-5.6"),
            Mutant.of(
                    "a part that breaks is stored as far as it came",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            Mono<UploadedPart> half = super.uploadPart(session, number, Payload.ofText("half"), null);
                            return super.uploadPart(session, number, body, checksum)
                                    .onErrorResume(ClientPayloadException.class, error -> half.then(Mono.error(error)));
                        }
                    }),
                    "MU-3.4",
                    "MU-3.6"),
            Mutant.of(
                    "a part that is cancelled is stored as far as it came",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            Mono<UploadedPart> half = super.uploadPart(session, number, Payload.ofText("half"), null);
                            return super.uploadPart(session, number, body, checksum)
                                    .doOnCancel(half::subscribe);
                        }
                    }),
                    "MU-3.5"),
            Mutant.of(
                    "a checksum is not looked at",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            return super.uploadPart(session, number, body, null);
                        }
                    }),
                    "MU-3.6"),
            Mutant.of(
                    "a number out of range shows when the part has come",
                    clock -> ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
                        @Override
                        public Mono<UploadedPart> uploadPart(
                                UploadSession session, int number, Payload body, Checksum checksum) {
                            return super.uploadPart(session, number, body, checksum)
                                    .onErrorResume(InvalidPartException.class, error -> body.body()
                                            .then(Mono.error(error)));
                        }
                    }),
                    "MU-3.7"),
            Mutant.of("parts that are uploaded at once mix", clock -> ForwardingUploads.in(Mixing::new), "MU-3.8"),
            Mutant.of(
                    "parts are listed backwards",
                    clock -> listing(page -> {
                        List<PartInfo> parts = new ArrayList<>(page.parts());
                        Collections.reverse(parts);
                        return new PartPage(parts, page.more());
                    }),
                    "MU-4.1",
                    "MU-4.2"),
            Mutant.of(
                    "a part does not say when it was stored",
                    clock -> listing(page -> new PartPage(
                            page.parts().stream()
                                    .map(part -> new PartInfo(part.number(), part.etag(), part.size(), 0))
                                    .toList(),
                            page.more())),
                    "MU-4.1"),
            Mutant.of(
                    "a page never says that more follow",
                    clock -> listing(page -> new PartPage(page.parts(), false)),
                    "MU-4.2"));

    private PartMutants() {}

    /** A body in the place of another, of the same announced length. */
    private static Payload changed(Payload old, Payload next) {
        return old.contentLength() == Payload.UNKNOWN ? next : next.contentLength(old.contentLength());
    }

    private static ForwardingBlobs uploading(UnaryOperator<ByteBuffer> wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, Checksum checksum) {
                return body.contentLength() < 4 << 20
                        ? super.uploadPart(session, number, body, checksum)
                        : ForwardingBlobs.joined(body.checkedBody())
                                .flatMap(bytes ->
                                        super.uploadPart(session, number, Payload.of(wrongly.apply(bytes)), checksum));
            }
        });
    }

    private static ForwardingBlobs listing(UnaryOperator<PartPage> wrongly) {
        return ForwardingUploads.in(blobs -> new ForwardingUploads(blobs) {
            @Override
            public Mono<PartPage> listParts(UploadSession session, int after, int max) {
                return super.listParts(session, after, max).map(wrongly);
            }
        });
    }

    /** Tells the caller tags of its own, and the reference those that it knows. */
    private static final class NumberedTags extends ForwardingUploads {

        NumberedTags(LongTermBackend blobs) {
            super(blobs);
        }

        private static String tag(int number) {
            return "part-" + number;
        }

        @Override
        public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, Checksum checksum) {
            return super.uploadPart(session, number, body, checksum).map(part -> new UploadedPart(number, tag(number)));
        }

        @Override
        public Mono<PartPage> listParts(UploadSession session, int after, int max) {
            return super.listParts(session, after, max)
                    .map(page -> new PartPage(
                            page.parts().stream()
                                    .map(part -> new PartInfo(
                                            part.number(), tag(part.number()), part.size(), part.modifiedMicros()))
                                    .toList(),
                            page.more()));
        }

        @Override
        public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
            return super.listParts(session, 0, 10_000)
                    .map(page -> parts.stream()
                            .map(named -> page.parts().stream()
                                    .filter(part -> part.number() == named.number())
                                    .map(PartInfo::uploaded)
                                    .findFirst()
                                    .orElse(named))
                            .toList())
                    .flatMap(list -> super.complete(session, list));
        }
    }

    /** In a race, a part gets the bytes of the one before it. */
    private static final class Mixing extends ForwardingUploads {
        private final AtomicReference<ByteBuffer> last = new AtomicReference<>();

        Mixing(LongTermBackend blobs) {
            super(blobs);
        }

        @Override
        public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, Checksum checksum) {
            return Mono.defer(() -> {
                if (!ForwardingRows.inRace()) {
                    return super.uploadPart(session, number, body, checksum);
                }
                return ForwardingBlobs.joined(body.body()).flatMap(bytes -> {
                    ByteBuffer before = last.getAndSet(bytes);
                    return super.uploadPart(session, number, Payload.of(before == null ? bytes : before), null);
                });
            });
        }
    }
}
