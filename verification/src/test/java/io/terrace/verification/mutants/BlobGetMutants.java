// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blobs that are kept, read or deleted wrongly. */
final class BlobGetMutants {

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of("a head that was absent stays so", clock -> new CachedHeads(), "LT-1.2"),
            Mutant.of("an expired blob is not there", ExpiringBlobs::new, "LT-1.5"),
            Mutant.of(
                    "a put is made once for all its subscribers, a get when it is assembled",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobContent> get(BlobId id, ByteRange range) {
                            Mono<BlobContent> content = super.get(id, range).cache();
                            content.subscribe(found -> {}, error -> {});
                            return content;
                        }
                    },
                    "BE-2.4",
                    "LT-1.6"),
            Mutant.of("blobs are told apart by their UUID only", clock -> new ByUuid(), "LT-1.9"),
            Mutant.of(
                    "a name that is too long is refused after the body was read",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
                            return id.storagePath().length() <= 1024
                                    ? super.put(id, metadata, body, gate)
                                    : body.body()
                                            .then(Mono.error(new TooLargeException(
                                                    name(), "too long", Determinacy.NOT_APPLIED)));
                        }
                    },
                    "LT-1.10"),
            Mutant.of(
                    "an absent blob is an error",
                    clock -> opening(content -> content.switchIfEmpty(Mono.error(Mutant.refusal()))),
                    "LT-1.1",
                    "LT-1.2",
                    "LT-1.6",
                    "LT-2.8",
                    "LT-2.9",
                    "LT-2.10",
                    "LT-2.11",
                    "LT-2.14",
                    "LT-2.16",
                    "LT-2.17",
                    "LT-2.18",
                    "LT-3.1",
                    "LT-3.15",
                    "LT-5.1",
                    "LT-5.2",
                    "LT-5.3",
                    "LT-7.1",
                    "LT-7.2",
                    "LT-7.3",
                    "LT-7.5",
                    "MU-1.1",
                    "MU-5.2",
                    "MU-5.3",
                    "MU-5.4",
                    "MU-5.5",
                    "MU-5.6",
                    "MU-6.1"),
            Mutant.of(
                    "the whole is a range, too",
                    clock -> content(content -> new ForwardingContent(content) {
                        @Override
                        public ContentRange range() {
                            long size = content.info().size();
                            return content.range() == null && size > 0
                                    ? new ContentRange(0, size - 1, size)
                                    : content.range();
                        }
                    }),
                    "LT-3.2"),
            Mutant.of(
                    "the end of a range is left out",
                    clock -> ranging(
                            range -> range instanceof ByteRange.Bounded bounded && bounded.last() > bounded.first()
                                    ? ByteRange.bounded(bounded.first(), bounded.last() - 1)
                                    : range),
                    "LT-3.3"),
            Mutant.of(
                    "the last bytes are the first",
                    clock -> ranging(range ->
                            range instanceof ByteRange.Last last ? ByteRange.bounded(0, last.count() - 1) : range),
                    "LT-3.3"),
            Mutant.of("a range that reaches beyond the end fails", clock -> new StrictRanges(), "LT-3.4"),
            Mutant.of(
                    "a range beyond the end is empty",
                    clock -> opening(content ->
                            content.onErrorResume(RangeNotSatisfiableException.class, error -> Mono.empty())),
                    "LT-3.5",
                    "LT-3.6"),
            Mutant.of(
                    "the size of a blob is not said when a range selects nothing",
                    clock -> opening(content -> content.onErrorMap(
                            RangeNotSatisfiableException.class, error -> new RangeNotSatisfiableException(7))),
                    "LT-3.5",
                    "LT-3.6"),
            Mutant.of(
                    "an empty body has no end",
                    clock -> content(content -> new ForwardingContent(content) {
                        @Override
                        public Flux<ByteBuffer> body() {
                            return super.body().switchIfEmpty(Flux.error(Mutant.refusal()));
                        }
                    }),
                    "LT-1.2",
                    "LT-1.9",
                    "LT-2.1",
                    "LT-2.2",
                    "LT-2.14",
                    "LT-3.6",
                    "MU-3.1"),
            Mutant.of("readers share a position", clock -> new SharedReaders(), "LT-3.7"),
            Mutant.of(
                    "a body is read ahead without end",
                    clock -> body(RowListingMutants::ignoringDemand),
                    "LT-3.8",
                    "LT-3.12",
                    "LT-3.13"),
            Mutant.of(
                    "a body comes in one buffer",
                    clock -> body(body -> joinedFlux(body)),
                    "LT-3.8",
                    "LT-3.9",
                    "LT-3.12"),
            Mutant.of(
                    "a body is read as often as one likes",
                    clock -> content(content -> new ForwardingContent(content) {
                        private final Flux<ByteBuffer> replayed =
                                content.body().map(ByteBuffer::duplicate).cache();

                        @Override
                        public Flux<ByteBuffer> body() {
                            return replayed.map(ByteBuffer::duplicate);
                        }
                    }),
                    "LT-3.10"),
            Mutant.of("discarding twice fails", clock -> content(DiscardedOnce::new), "LT-3.11"),
            Mutant.of("a body goes on after a cancel", clock -> body(BlobGetMutants::ignoringCancel), "LT-3.12"),
            Mutant.of("a deleted blob ends where its reader is", clock -> new CutShort(), "LT-3.13"),
            Mutant.of(
                    "file regions are promised and not given",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Set<Capability> capabilities() {
                            return Set.of(Capability.FILE_REGIONS);
                        }
                    },
                    "LT-3.14"),
            Mutant.of("a discarded reader keeps the blob", clock -> new Keepers(), "LT-3.15"),
            Mutant.of(
                    "the head of an absent blob is an error",
                    clock -> heading(head -> head.switchIfEmpty(Mono.error(Mutant.refusal()))),
                    "LT-1.1",
                    "LT-1.2",
                    "LT-1.6",
                    "LT-2.8",
                    "LT-2.9",
                    "LT-2.10",
                    "LT-2.11",
                    "LT-2.12",
                    "LT-2.14",
                    "LT-2.16",
                    "LT-2.17",
                    "LT-2.18",
                    "LT-3.15",
                    "LT-4.1",
                    "LT-5.1",
                    "LT-5.2",
                    "LT-5.3",
                    "LT-7.1",
                    "LT-7.2",
                    "LT-7.3",
                    "LT-7.4",
                    "LT-7.5",
                    "MU-1.1",
                    "MU-5.2",
                    "MU-5.3",
                    "MU-5.4",
                    "MU-5.5",
                    "MU-5.6",
                    "MU-6.1"),
            Mutant.of(
                    "a head does not know the size",
                    clock -> heading(head -> head.map(info -> new BlobInfo(info.id(), 0, info.metadata()))),
                    "LT-2.4",
                    "LT-3.2",
                    "LT-4.2",
                    "MU-5.1"),
            Mutant.of(
                    "a delete is remembered and not done",
                    clock -> deleting((blobs, id) ->
                            ForwardingRows.inRace() ? blobs.blobs().delete(id) : Mono.empty()),
                    "LT-3.15",
                    "LT-5.1",
                    "LT-5.3"),
            Mutant.of(
                    "deleting an absent blob is an error",
                    clock -> deleting((blobs, id) -> blobs.blobs()
                            .head(id)
                            .switchIfEmpty(Mono.error(Mutant.refusal()))
                            .then(blobs.blobs().delete(id))),
                    "LT-5.2"),
            Mutant.of(
                    "a delete takes the other blobs of the object, too",
                    clock -> deleting((blobs, id) -> blobs.blobs()
                            .list(id.object().storagePath())
                            .filter(other -> other.object().equals(id.object()))
                            .concatMap(other -> blobs.blobs().delete(other))
                            .then()),
                    "LT-5.3"),
            new Mutant<>(
                    "blobs call themselves durable and are not",
                    () -> environment(Capability.DURABLE),
                    Mutant.rules("LT-1.7", "MU-1.5")),
            new Mutant<>(
                    "blobs call themselves shared and are not",
                    () -> environment(Capability.SHARED),
                    Mutant.rules("LT-1.8", "MU-1.6")));

    private BlobGetMutants() {}

    private interface Deletion {
        Mono<Void> delete(ForwardingBlobs blobs, BlobId id);
    }

    private static ForwardingBlobs deleting(Deletion wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<Void> delete(BlobId id) {
                return check().flatMap(health -> health.healthy() ? wrongly.delete(this, id) : super.delete(id));
            }
        };
    }

    private static ForwardingBlobs heading(UnaryOperator<Mono<BlobInfo>> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobInfo> head(BlobId id) {
                return wrongly.apply(super.head(id));
            }
        };
    }

    private static ForwardingBlobs opening(UnaryOperator<Mono<BlobContent>> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobContent> get(BlobId id, ByteRange range) {
                return wrongly.apply(super.get(id, range));
            }
        };
    }

    private static ForwardingBlobs content(UnaryOperator<BlobContent> wrongly) {
        return opening(content -> content.map(wrongly));
    }

    private static ForwardingBlobs body(UnaryOperator<Flux<ByteBuffer>> wrongly) {
        return content(content -> new ForwardingContent(content) {
            @Override
            public Flux<ByteBuffer> body() {
                return wrongly.apply(super.body());
            }
        });
    }

    private static ForwardingBlobs ranging(UnaryOperator<ByteRange> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<BlobContent> get(BlobId id, ByteRange range) {
                return super.get(id, range == null ? null : wrongly.apply(range));
            }
        };
    }

    private static Flux<ByteBuffer> joinedFlux(Flux<ByteBuffer> body) {
        return ForwardingBlobs.joined(body).filter(ByteBuffer::hasRemaining).flux();
    }

    /** Emits one buffer more than it should when it is cancelled. */
    private static Flux<ByteBuffer> ignoringCancel(Flux<ByteBuffer> body) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuffer> subscriber) {
                body.doOnCancel(() -> subscriber.onNext(ByteBuffer.allocate(1))).subscribe(subscriber);
            }
        };
    }

    private static BackendEnvironment<LongTermBackend> environment(Capability claimed) {
        return new BackendEnvironment<>() {
            @Override
            public LongTermBackend create() {
                return new ForwardingBlobs() {
                    @Override
                    public Set<Capability> capabilities() {
                        return Set.of(claimed);
                    }
                };
            }

            @Override
            public LongTermBackend reopen(LongTermBackend backend) {
                return create();
            }

            @Override
            public LongTermBackend share(LongTermBackend backend) {
                return create();
            }

            @Override
            public Optional<ManualRuntime> clock() {
                return Optional.of(new ManualRuntime(1));
            }
        };
    }

    private static final class CachedHeads extends ForwardingBlobs {
        private final Map<BlobId, BlobInfo> found = new ConcurrentHashMap<>();

        @Override
        public Mono<BlobInfo> head(BlobId id) {
            return Mono.defer(() -> {
                BlobInfo before = found.get(id);
                return before != null && ForwardingRows.inRace()
                        ? Mono.just(before)
                        : super.head(id).doOnNext(info -> found.put(id, info));
            });
        }
    }

    private static final class ExpiringBlobs extends ForwardingBlobs {
        private final ManualRuntime clock;

        ExpiringBlobs(ManualRuntime clock) {
            this.clock = clock;
        }

        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range).filter(content -> {
                Instant expires = content.info().metadata().timeExpires();
                return expires == null || expires.isAfter(clock.now());
            });
        }
    }

    private static final class ByUuid extends ForwardingBlobs {
        private final Map<UUID, BlobId> ids = new ConcurrentHashMap<>();

        private BlobId known(BlobId id) {
            return ids.computeIfAbsent(id.uuid(), any -> id);
        }

        @Override
        public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
            return super.put(known(id), metadata, body, gate);
        }

        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(known(id), range);
        }

        @Override
        public Mono<BlobInfo> head(BlobId id) {
            return super.head(known(id));
        }
    }

    private static final class StrictRanges extends ForwardingBlobs {
        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range).flatMap(content -> {
                boolean cut = range instanceof ByteRange.Bounded bounded
                        && bounded.last() >= content.info().size();
                return cut
                        ? Mono.error(
                                new RangeNotSatisfiableException(content.info().size()))
                        : Mono.just(content);
            });
        }
    }

    private static final class SharedReaders extends ForwardingBlobs {
        private final Map<BlobId, ByteBuffer> open = new ConcurrentHashMap<>();

        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range).map(content -> new ForwardingContent(content) {
                @Override
                public Flux<ByteBuffer> body() {
                    return super.body().map(piece -> {
                        open.put(id, piece);
                        ForwardingRows.pauseInRaces();
                        return open.get(id).duplicate();
                    });
                }
            });
        }
    }

    private static final class DiscardedOnce extends ForwardingContent {
        private boolean discarded;

        DiscardedOnce(BlobContent content) {
            super(content);
        }

        @Override
        public Mono<Void> discard() {
            return Mono.defer(() -> {
                boolean again = discarded;
                discarded = true;
                return again ? Mono.error(Mutant.refusal()) : super.discard();
            });
        }
    }

    private static final class CutShort extends ForwardingBlobs {
        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range).map(content -> new ForwardingContent(content) {
                @Override
                public Flux<ByteBuffer> body() {
                    return super.body()
                            .concatMap(piece -> blobs().head(id).map(there -> piece), 0)
                            .onErrorComplete(BackendUnavailableException.class);
                }
            });
        }
    }

    private static final class Keepers extends ForwardingBlobs {
        private final Map<BlobId, Integer> discarded = new ConcurrentHashMap<>();

        @Override
        public Mono<BlobContent> get(BlobId id, ByteRange range) {
            return super.get(id, range).map(content -> new ForwardingContent(content) {
                @Override
                public Mono<Void> discard() {
                    return super.discard().doOnSuccess(done -> discarded.merge(id, 1, Integer::sum));
                }
            });
        }

        @Override
        public Mono<Void> delete(BlobId id) {
            return Mono.defer(() -> discarded.getOrDefault(id, 0) > 100 ? Mono.empty() : super.delete(id));
        }
    }
}
