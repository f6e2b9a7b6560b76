// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ByteRange;
import io.terrace.ClientPayloadException;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Wrong uploads. */
final class BlobPutMutants {

    private static final int MIB = 1 << 20;

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of("a blob grows while it comes", clock -> new GrowingBlobs(), "LT-1.1", "LT-2.10", "LT-2.11"),
            Mutant.of("a blob keeps the caller's buffers", clock -> new KeptPieces(), "LT-1.3"),
            Mutant.of(
                    "a second put replaces the blob",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return blobs().delete(id).then(super.put(id, metadata, body, gate));
                        }
                    },
                    "LT-1.3"),
            Mutant.of(
                    "a second put fails",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return blobs().head(id)
                                    .flatMap(found -> Mono.<BlobInfo>error(Mutant.refusal()))
                                    .switchIfEmpty(super.put(id, metadata, body, gate));
                        }
                    },
                    "LT-1.3",
                    "LT-2.5"),
            Mutant.of(
                    "a source is asked for all it has",
                    clock -> reading(body -> body.onBackpressureBuffer()),
                    "LT-1.4"),
            Mutant.of(
                    "a body ends at five mebibytes",
                    clock -> reading(body -> upTo(body, 5 * MIB)),
                    "LT-2.1",
                    "LT-2.2",
                    "LT-2.14"),
            Mutant.of(
                    "a body without a length is taken as empty",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            Payload taken = body.contentLength() == Payload.UNKNOWN
                                    ? Payload.from(body.body().take(0))
                                    : body;
                            return super.put(id, metadata, taken, gate);
                        }
                    },
                    "LT-1.1",
                    "LT-1.6",
                    "LT-1.10",
                    "LT-2.2",
                    "LT-2.3",
                    "LT-2.6",
                    "LT-2.7",
                    "LT-2.10",
                    "LT-2.11",
                    "LT-2.13",
                    "LT-3.8",
                    "LT-3.12",
                    "LT-3.13"),
            Mutant.of(
                    "a buffer is taken from its beginning to its end",
                    clock -> reading(body -> body.map(piece -> piece.isReadOnly() ? piece : piece.clear())),
                    "LT-2.3"),
            Mutant.of(
                    "metadata lose the origin",
                    clock -> describing(
                            metadata -> metadata.toBuilder().origin(null).build()),
                    "LT-2.4",
                    "LT-4.2"),
            Mutant.of(
                    "a body is subscribed to twice",
                    clock -> reading(body -> body.ignoreElements().thenMany(body)),
                    "LT-1.1",
                    "LT-1.4",
                    "LT-1.6",
                    "LT-2.6"),
            Mutant.of("uploads share a buffer", clock -> new MixingUploads(), "LT-1.2", "LT-2.7"),
            Mutant.of(
                    "a body may be shorter than announced",
                    clock -> forgiving(error -> error.getMessage().contains("but has")
                            && !error.getMessage().contains("at least")),
                    "LT-2.8"),
            Mutant.of(
                    "a body may be longer than announced",
                    clock -> forgiving(error -> error.getMessage().contains("at least")),
                    "LT-2.9"),
            Mutant.of(
                    "what came before a failure is the blob",
                    clock -> forgiving(error -> error.getCause() != null),
                    "LT-2.10",
                    "LT-2.13"),
            Mutant.of(
                    "a failure of the body is the backend's own",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return super.put(id, metadata, body, gate)
                                    .onErrorMap(
                                            ClientPayloadException.class, error -> new IllegalStateException(error));
                        }
                    },
                    "LT-2.8",
                    "LT-2.9",
                    "LT-2.10"),
            Mutant.of(
                    "a cancelled upload shows what has come",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return body.contentLength() != Payload.UNKNOWN
                                    ? super.put(id, metadata, body, gate)
                                    : super.put(id, metadata, body, gate).doOnCancel(() -> blobs().put(
                                                    id, metadata, Payload.ofText(""), CommitGate.OPEN)
                                            .block());
                        }
                    },
                    "LT-2.11"),
            Mutant.of("an upload that is cancelled early leaves half of it", clock -> new HalfUploads(), "LT-2.12"),
            Mutant.of("an id that failed once is used up", clock -> new UsedUp(), "LT-2.13"),
            Mutant.of(
                    "the gate is not waited for",
                    clock -> gating(gate -> CommitGate.OPEN),
                    "LT-2.14",
                    "LT-2.15",
                    "LT-2.16",
                    "LT-2.17",
                    "LT-2.18"),
            Mutant.of(
                    "the gate is waited for after the blob is visible",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return super.put(id, metadata, body, CommitGate.OPEN)
                                    .flatMap(info -> gate.opened()
                                            .thenReturn(info)
                                            .onErrorResume(
                                                    error -> blobs().delete(id).then(Mono.error(error)))
                                            .doOnCancel(() -> blobs().delete(id).block()));
                        }
                    },
                    "LT-2.14"),
            Mutant.of(
                    "the gate is asked twice",
                    clock -> gating(gate -> () -> gate.opened().then(gate.opened())),
                    "LT-2.15"),
            Mutant.of(
                    "an error of the gate is wrapped",
                    clock -> gating(gate -> () -> gate.opened().onErrorMap(IllegalStateException::new)),
                    "LT-2.16",
                    "LT-2.17"),
            Mutant.of(
                    "a gate that fails is a gate that opens",
                    clock -> gating(gate -> () -> gate.opened().onErrorComplete()),
                    "LT-2.16",
                    "LT-2.17"),
            Mutant.of("an error of the gate that comes late opens it", clock -> gating(LateErrors::new), "LT-2.17"),
            Mutant.of(
                    "a cancelled put passes the gate when it opens",
                    clock -> new PassingCancelled(),
                    "LT-1.4",
                    "LT-2.18"));

    private BlobPutMutants() {}

    private static ForwardingBlobs reading(UnaryOperator<Flux<ByteBuffer>> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                return super.put(id, metadata, Payload.from(wrongly.apply(body.checkedBody())), gate);
            }
        };
    }

    private static ForwardingBlobs forgiving(Function<ClientPayloadException, Boolean> forgiven) {
        return reading(body -> body.onErrorResume(
                ClientPayloadException.class, error -> forgiven.apply(error) ? Mono.empty() : Mono.error(error)));
    }

    private static ForwardingBlobs describing(UnaryOperator<ObjectMetadata> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                return super.put(id, wrongly.apply(metadata), body, gate);
            }
        };
    }

    private static ForwardingBlobs gating(UnaryOperator<CommitGate> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                return super.put(id, metadata, body, wrongly.apply(gate));
            }
        };
    }

    private static Flux<ByteBuffer> upTo(Flux<ByteBuffer> body, int limit) {
        return Flux.defer(() -> {
            int[] left = {limit};
            return body.map(piece -> {
                int taken = Math.min(left[0], piece.remaining());
                left[0] -= taken;
                return piece.duplicate().limit(piece.position() + taken);
            });
        });
    }

    /** Shows what has come as if it were the blob. */
    private static final class GrowingBlobs extends ForwardingBlobs {
        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            Flux<ByteBuffer> showing = body.checkedBody()
                    .doOnNext(piece -> blobs().put(id, metadata, Payload.of(piece), CommitGate.OPEN)
                            .block())
                    .concatWith(Mono.defer(() -> blobs().delete(id).then(Mono.empty())));
            return body.contentLength() == Payload.UNKNOWN
                    ? super.put(id, metadata, Payload.from(showing), gate)
                    : super.put(id, metadata, body, gate);
        }
    }

    /** Remembers the buffers and hands them out again. */
    private static final class KeptPieces extends ForwardingBlobs {
        private final Map<BlobId, ByteBuffer> kept = new ConcurrentHashMap<>();

        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            Flux<ByteBuffer> watched = body.checkedBody().doOnNext(piece -> kept.putIfAbsent(id, piece.duplicate()));
            return super.put(id, metadata, body.contentLength() > 0 ? Payload.from(watched) : body, gate);
        }

        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range)
                    .map(content -> range == null
                                    && kept.containsKey(id)
                                    && kept.get(id).remaining()
                                            == content.info().size()
                                    && content.info().size() <= 1 << 20
                            ? new ForwardingContent(content) {
                                @Override
                                public Flux<ByteBuffer> body() {
                                    return super.body()
                                            .map(piece -> kept.get(id).asReadOnlyBuffer());
                                }
                            }
                            : content);
        }
    }

    private static final class MixingUploads extends ForwardingBlobs {
        private volatile ByteBuffer last = ByteBuffer.allocate(0);

        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            Flux<ByteBuffer> mixed = body.checkedBody().map(piece -> {
                last = piece;
                ForwardingRows.pauseInRaces();
                return last.duplicate();
            });
            return super.put(id, metadata, Payload.from(mixed), gate);
        }
    }

    private static final class HalfUploads extends ForwardingBlobs {
        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            // Bodies in memory only: the first half is written when it is subscribed to, the whole on demand.
            return Mono.defer(() -> {
                if (!body.isReplayable()
                        || gate != CommitGate.OPEN
                        || blobs().head(id).block() != null) {
                    return super.put(id, metadata, body, gate);
                }
                Flux<ByteBuffer> half = body.body().map(piece -> piece.limit(piece.remaining() / 2));
                blobs().put(id, metadata, Payload.from(half), CommitGate.OPEN).block();
                return Mono.fromCallable(() -> blobs().delete(id)
                        .then(super.put(id, metadata, body, gate))
                        .block());
            });
        }
    }

    private static final class UsedUp extends ForwardingBlobs {
        private final Map<BlobId, Boolean> failed = new ConcurrentHashMap<>();

        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            return Mono.defer(() -> failed.containsKey(id)
                    ? Mono.error(Mutant.refusal())
                    : super.put(id, metadata, body, gate).doOnError(error -> failed.put(id, true)));
        }
    }

    /** A gate of which only an error that is there at once is noticed. */
    private record LateErrors(CommitGate gate) implements CommitGate {
        @Override
        public Mono<Void> opened() {
            return Mono.defer(() -> {
                CompletableFuture<Void> opened = gate.opened().toFuture();
                boolean atOnce = opened.isCompletedExceptionally();
                return Mono.fromFuture(opened).onErrorResume(error -> atOnce ? Mono.error(error) : Mono.empty());
            });
        }
    }

    private static final class PassingCancelled extends ForwardingBlobs {
        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            return joined(body.checkedBody())
                    .flatMap(whole -> super.put(id, metadata, Payload.of(whole), () -> gate.opened())
                            .doOnCancel(() -> gate.opened()
                                    .then(blobs().put(id, metadata, Payload.of(whole), CommitGate.OPEN))
                                    .subscribe(info -> {}, error -> {})));
        }
    }
}
