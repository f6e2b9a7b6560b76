// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.WriteId;
import io.terrace.testkit.BackendEnvironment;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Wrong change logs. */
final class LogMutants {

    static final List<Mutant<ChangeLog>> ALL = List.of(
            new Mutant<>(
                    "a log calls itself durable and is not",
                    () -> environment(Capability.DURABLE),
                    Mutant.rules("CL-1.1")),
            new Mutant<>(
                    "a log calls itself shared and is not",
                    () -> environment(Capability.SHARED),
                    Mutant.rules("CL-1.7")),
            Mutant.of("an entry is read a moment late by others", clock -> new LateEntries(), "CL-1.2"),
            Mutant.of(
                    "repeating a call fails",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> append(ChangeEntry entry) {
                            return log().get(entry.id())
                                    .flatMap(found -> Mono.<Void>error(Mutant.refusal()))
                                    .switchIfEmpty(super.append(entry));
                        }
                    },
                    "CL-1.3",
                    "CL-2.2",
                    "CL-2.3"),
            Mutant.of("a cancelled append leaves half an entry", clock -> new HalfEntries(), "CL-1.4"),
            Mutant.of("entries that are appended at once replace each other", clock -> new LosingLog(), "CL-1.5"),
            Mutant.of(
                    "a claim is made when it is assembled",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<ClaimOutcome> claim(EntryId id) {
                            Mono<ClaimOutcome> claimed = super.claim(id).cache();
                            claimed.subscribe(outcome -> {}, error -> {});
                            return claimed;
                        }
                    },
                    "BE-2.4",
                    "CL-1.6"),
            Mutant.of(
                    "an entry keeps one old blob",
                    clock -> appending(entry -> ChangeEntry.open(
                            entry.id(),
                            entry.object(),
                            entry.newBlob(),
                            entry.base(),
                            entry.oldBlobs().stream().limit(1).toList())),
                    "CL-1.2",
                    "CL-1.3",
                    "CL-1.4",
                    "CL-1.5",
                    "CL-1.6",
                    "CL-2.1"),
            Mutant.of(
                    "names longer than 900 characters are forgotten",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> append(ChangeEntry entry) {
                            return entry.object().key().length() > 900 ? check().then() : super.append(entry);
                        }
                    },
                    "CL-1.8"),
            Mutant.of(
                    "an append replaces what is there",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> append(ChangeEntry entry) {
                            return super.remove(entry.id()).then(super.append(entry));
                        }
                    },
                    "CL-2.2",
                    "CL-2.3"),
            Mutant.of(
                    "appends of one id at once replace each other",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> append(ChangeEntry entry) {
                            return Mono.defer(() -> ForwardingRows.inRace()
                                    ? super.remove(entry.id()).then(super.append(entry))
                                    : super.append(entry));
                        }
                    },
                    "CL-2.3"),
            Mutant.of(
                    "an absent entry is an error",
                    clock -> reading(entry -> entry.switchIfEmpty(Mono.error(Mutant.refusal()))),
                    "CL-1.2",
                    "CL-1.3",
                    "CL-1.6",
                    "CL-3.1",
                    "CL-4.1",
                    "CL-4.2",
                    "CL-5.4",
                    "CL-6.4",
                    "CL-15.1"),
            Mutant.of(
                    "a claimed entry is not read",
                    clock -> reading(entry -> entry.filter(found -> found.state() != State.CLAIMED)),
                    "CL-1.2",
                    "CL-1.3",
                    "CL-1.4",
                    "CL-1.6",
                    "CL-2.2",
                    "CL-3.2",
                    "CL-4.1",
                    "CL-5.1",
                    "CL-5.2",
                    "CL-6.2",
                    "CL-6.5",
                    "CL-7.2",
                    "CL-8.1",
                    "CL-8.2",
                    "CL-9.1"),
            Mutant.of(
                    "a deferred entry is not removed",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> remove(EntryId id) {
                            return super.get(id)
                                    .filter(entry -> entry.state() == State.DEFERRED)
                                    .hasElement()
                                    .flatMap(deferred -> deferred ? Mono.empty() : super.remove(id));
                        }
                    },
                    "CL-1.3",
                    "CL-4.1"),
            Mutant.of(
                    "removing an absent entry is an error",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> remove(EntryId id) {
                            return super.get(id)
                                    .switchIfEmpty(Mono.error(Mutant.refusal()))
                                    .then(super.remove(id));
                        }
                    },
                    "CL-1.3",
                    "CL-4.2",
                    "CL-8.3",
                    "CL-15.1"),
            Mutant.of(
                    "a claim answers with the entry before it",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<ClaimOutcome> claim(EntryId id) {
                            return super.get(id)
                                    .flatMap(before -> super.claim(id)
                                            .map(after -> after.kind() == ClaimOutcome.Kind.CLAIMED
                                                    ? new ClaimOutcome(after.kind(), before)
                                                    : after))
                                    .switchIfEmpty(super.claim(id));
                        }
                    },
                    "CL-1.2",
                    "CL-1.3",
                    "CL-1.4",
                    "CL-5.1",
                    "CL-5.5",
                    "CL-6.5"),
            Mutant.of(
                    "a claimed entry is called gone",
                    clock -> claiming(State.CLAIMED, entry -> ClaimOutcome.GONE),
                    "CL-1.3",
                    "CL-1.4",
                    "CL-5.2",
                    "CL-5.5"),
            Mutant.of(
                    "a deferred entry is called claimed",
                    clock -> claiming(State.DEFERRED, entry -> new ClaimOutcome(ClaimOutcome.Kind.CLAIMED, entry)),
                    "CL-5.3"),
            Mutant.of(
                    "a claim opens a deferred entry again",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<ClaimOutcome> claim(EntryId id) {
                            return super.get(id)
                                    .filter(entry -> entry.state() == State.DEFERRED)
                                    .flatMap(entry -> replace(entry))
                                    .then(super.claim(id));
                        }
                    },
                    "CL-5.3"),
            Mutant.of(
                    "a claim of an absent entry fails",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<ClaimOutcome> claim(EntryId id) {
                            return super.claim(id).filter(outcome -> outcome.kind() != ClaimOutcome.Kind.GONE);
                        }
                    },
                    "CL-5.4",
                    "CL-15.1"),
            Mutant.of("one of several claims succeeds", clock -> new OneClaimant(), "CL-5.5"),
            Mutant.of(
                    "a rebase is forgotten",
                    clock -> rebasing((log, id, base) -> log.log()
                            .get(id)
                            .map(entry -> entry.state() == State.OPEN)
                            .defaultIfEmpty(false)),
                    "CL-1.3",
                    "CL-6.1",
                    "CL-6.5"),
            Mutant.of(
                    "a claimed entry is rebased",
                    clock -> rebasing((log, id, base) -> log.log()
                            .get(id)
                            .filter(entry -> entry.state() == State.CLAIMED)
                            .flatMap(entry -> log.replace(entry.rebased(base)).thenReturn(true))
                            .switchIfEmpty(log.log().rebase(id, base))),
                    "CL-6.2",
                    "CL-6.5"),
            Mutant.of(
                    "a rebase of a deferred entry is called done",
                    clock -> rebasing((log, id, base) -> log.log()
                            .get(id)
                            .filter(entry -> entry.state() == State.DEFERRED)
                            .map(entry -> true)
                            .switchIfEmpty(log.log().rebase(id, base))),
                    "CL-6.3"),
            Mutant.of(
                    "a rebase of an absent entry is called done",
                    clock -> rebasing((log, id, base) -> log.log()
                            .get(id)
                            .flatMap(entry -> log.log().rebase(id, base))
                            .defaultIfEmpty(true)),
                    "CL-6.4",
                    "CL-15.1"),
            Mutant.of(
                    "a rebase looks first and writes then",
                    clock -> rebasing((log, id, base) -> log.log()
                            .get(id)
                            .filter(entry -> entry.state() == State.OPEN)
                            .flatMap(entry -> {
                                ForwardingRows.pauseInRaces();
                                return log.log()
                                        .get(id)
                                        .flatMap(now -> log.replace(now.rebased(base)))
                                        .thenReturn(true);
                            })
                            .defaultIfEmpty(false)),
                    "CL-6.5"),
            Mutant.of(
                    "a deferral of an absent entry is ignored",
                    clock -> deferring((log, id, blobs) ->
                            log.log().get(id).flatMap(entry -> log.log().defer(id, blobs))),
                    "CL-7.1",
                    "CL-15.1"),
            Mutant.of(
                    "a deferral of a claimed entry is ignored",
                    clock -> deferring((log, id, blobs) -> log.log()
                            .get(id)
                            .filter(entry -> entry.state() == State.CLAIMED)
                            .hasElement()
                            .flatMap(claimed ->
                                    claimed ? Mono.empty() : log.log().defer(id, blobs))),
                    "CL-1.3",
                    "CL-7.2"),
            Mutant.of(
                    "a second deferral is ignored",
                    clock -> deferring((log, id, blobs) -> log.log()
                            .get(id)
                            .filter(entry -> entry.state() == State.DEFERRED)
                            .hasElement()
                            .flatMap(deferred ->
                                    deferred ? Mono.empty() : log.log().defer(id, blobs))),
                    "CL-7.3"),
            Mutant.of(
                    "a deferral for nothing is ignored",
                    clock -> deferring((log, id, blobs) ->
                            blobs.isEmpty() ? Mono.empty() : log.log().defer(id, blobs)),
                    "CL-7.4"),
            Mutant.of(
                    "a scan leaves deferred entries out",
                    clock -> scanning(
                            (log, scope) -> log.log().scan(scope).filter(entry -> entry.state() != State.DEFERRED)),
                    "CL-4.1",
                    "CL-8.1",
                    "CL-8.2"),
            Mutant.of(
                    "a scan of what is due leaves claimed entries out",
                    clock -> scanning((log, scope) -> log.log()
                            .scan(scope)
                            .filter(entry -> scope == ScanScope.ALL || entry.state() != State.CLAIMED)),
                    "CL-8.2"),
            Mutant.of(
                    "a scan counts pages from the beginning",
                    clock -> scanning((log, scope) -> page(log, scope, 0)),
                    "CL-8.3",
                    "CL-8.5"),
            Mutant.of(
                    "a scan emits everything at once",
                    clock -> scanning((log, scope) ->
                            RowListingMutants.ignoringDemand(log.log().scan(scope))),
                    "CL-8.4"),
            Mutant.of(
                    "a claimed entry refers to nothing",
                    clock -> referring((log, blobs) -> log.log()
                            .scan(ScanScope.ALL)
                            .filter(entry -> entry.state() == State.OPEN && blobs.contains(entry.newBlob()))
                            .map(ChangeEntry::newBlob)
                            .collect(Collectors.toSet())),
                    "CL-9.1",
                    "CL-16.1"),
            Mutant.of(
                    "a deferred entry refers to its blobs",
                    clock -> referring((log, blobs) -> log.log()
                            .scan(ScanScope.ALL)
                            .filter(entry -> entry.state() == State.DEFERRED)
                            .concatMapIterable(ChangeEntry::oldBlobs)
                            .filter(blobs::contains)
                            .collect(Collectors.toSet())
                            .flatMap(more -> log.log().referenced(blobs).map(right -> union(right, more)))),
                    "CL-9.2"),
            Mutant.of(
                    "a blob is recognised by its UUID only",
                    clock -> referring((log, blobs) -> Flux.fromIterable(blobs)
                            .filterWhen(blob -> log.log()
                                    .get(EntryId.of(blob))
                                    .map(entry -> entry.state() != State.DEFERRED)
                                    .defaultIfEmpty(false))
                            .collect(Collectors.toSet())),
                    "CL-9.3",
                    "CL-16.1"),
            Mutant.of(
                    "a thousand blobs are asked for at most",
                    clock -> referring((log, blobs) ->
                            log.log().referenced(blobs.stream().limit(1000).toList())),
                    "CL-9.4"));

    private LogMutants() {}

    private interface Rebase {
        Mono<Boolean> rebase(ForwardingLog log, EntryId id, WriteId base);
    }

    private interface Deferral {
        Mono<Void> defer(ForwardingLog log, EntryId id, List<BlobId> oldBlobs);
    }

    private interface Scan {
        Flux<ChangeEntry> scan(ForwardingLog log, ScanScope scope);
    }

    private interface Reference {
        Mono<Set<BlobId>> referenced(ForwardingLog log, Collection<BlobId> blobs);
    }

    private static Set<BlobId> union(Set<BlobId> one, Set<BlobId> other) {
        Set<BlobId> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    private static ForwardingLog appending(UnaryOperator<ChangeEntry> wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<Void> append(ChangeEntry entry) {
                return super.append(wrongly.apply(entry));
            }
        };
    }

    private static ForwardingLog reading(UnaryOperator<Mono<ChangeEntry>> wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<ChangeEntry> get(EntryId id) {
                return wrongly.apply(super.get(id));
            }
        };
    }

    private static ForwardingLog claiming(State state, Function<ChangeEntry, ClaimOutcome> wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<ClaimOutcome> claim(EntryId id) {
                return super.get(id)
                        .filter(entry -> entry.state() == state)
                        .map(wrongly)
                        .switchIfEmpty(super.claim(id));
            }
        };
    }

    private static ForwardingLog rebasing(Rebase wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<Boolean> rebase(EntryId id, WriteId base) {
                return wrongly.rebase(this, id, base);
            }
        };
    }

    private static ForwardingLog deferring(Deferral wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<Void> defer(EntryId id, List<BlobId> oldBlobs) {
                return wrongly.defer(this, id, oldBlobs);
            }
        };
    }

    private static ForwardingLog scanning(Scan wrongly) {
        return new ForwardingLog() {
            @Override
            public Flux<ChangeEntry> scan(ScanScope scope) {
                return wrongly.scan(this, scope);
            }
        };
    }

    private static ForwardingLog referring(Reference wrongly) {
        return new ForwardingLog() {
            @Override
            public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
                return wrongly.referenced(this, blobs);
            }
        };
    }

    private static Flux<ChangeEntry> page(ForwardingLog log, ScanScope scope, int number) {
        return Flux.defer(() -> log.log()
                .scan(scope)
                .skip(number * 10L)
                .take(10)
                .collectList()
                .flatMapMany(entries -> {
                    ForwardingRows.pauseInRaces();
                    Flux<ChangeEntry> here = Flux.fromIterable(entries);
                    return entries.size() < 10 ? here : here.concatWith(page(log, scope, number + 1));
                }));
    }

    private static BackendEnvironment<ChangeLog> environment(Capability claimed) {
        return new BackendEnvironment<>() {
            @Override
            public ChangeLog create() {
                return new ForwardingLog() {
                    @Override
                    public Set<Capability> capabilities() {
                        return Set.of(claimed);
                    }
                };
            }

            @Override
            public ChangeLog reopen(ChangeLog backend) {
                return create();
            }

            @Override
            public ChangeLog share(ChangeLog backend) {
                return create();
            }
        };
    }

    /** In a race, the second reading of an entry is as the first was. */
    private static final class LateEntries extends ForwardingLog {
        private final Map<EntryId, ChangeEntry> seen = new ConcurrentHashMap<>();

        @Override
        public Mono<ChangeEntry> get(EntryId id) {
            return Mono.defer(() -> {
                ChangeEntry before = seen.remove(id);
                return before != null && ForwardingRows.inRace()
                        ? Mono.just(before)
                        : super.get(id).doOnNext(entry -> seen.put(id, entry));
            });
        }
    }

    private static final class HalfEntries extends ForwardingLog {
        @Override
        public Mono<Void> append(ChangeEntry entry) {
            return Mono.defer(() -> {
                if (entry.newBlob() == null
                        || ForwardingRows.inRace()
                        || log().get(entry.id()).block() != null) {
                    return super.append(entry);
                }
                log().append(ChangeEntry.open(entry.id(), entry.object(), entry.newBlob(), entry.base(), List.of()))
                        .block();
                return Mono.fromRunnable(() -> replace(entry).block());
            });
        }
    }

    private static final class LosingLog extends ForwardingLog {
        private final AtomicInteger appends = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();

        @Override
        public Mono<Void> append(ChangeEntry entry) {
            return Mono.defer(() -> {
                running.incrementAndGet();
                try {
                    ForwardingRows.pauseInRaces();
                    boolean lost = running.get() > 10 && appends.incrementAndGet() % 3 == 0;
                    super.append(entry).block();
                    return lost ? super.remove(entry.id()) : Mono.empty();
                } finally {
                    running.decrementAndGet();
                }
            });
        }
    }

    private static final class OneClaimant extends ForwardingLog {
        private final Set<EntryId> claiming = ConcurrentHashMap.newKeySet();

        @Override
        public Mono<ClaimOutcome> claim(EntryId id) {
            return Mono.defer(() -> {
                boolean first = claiming.add(id) || !ForwardingRows.inRace();
                return first ? super.claim(id) : Mono.error(Mutant.refusal());
            });
        }
    }
}
