// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.UploadSecret;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Change logs that are wrong about uploads. */
final class UploadRecordMutants {

    static final List<Mutant<ChangeLog>> ALL = List.of(
            Mutant.of(
                    "an upload loses its secret",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<UploadRecord> get(EntryId id) {
                            return super.get(id)
                                    .map(found -> found.state() == State.OPEN
                                            ? new UploadRecord(
                                                    found.session(),
                                                    new UploadSecret(0, 0),
                                                    found.metadata(),
                                                    found.state(),
                                                    found.attempt(),
                                                    found.base(),
                                                    found.oldBlobs(),
                                                    found.startedMicros(),
                                                    found.sinceMicros(),
                                                    found.revision())
                                            : found);
                        }
                    }),
                    "CL-11.1",
                    "CL-11.2",
                    "CL-12.2",
                    "CL-12.3",
                    "CL-13.6"),
            Mutant.of(
                    "an upload begins in the place of another",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> begin(UploadRecord record) {
                            return super.remove(record.id()).then(super.begin(record));
                        }
                    }),
                    "CL-11.2"),
            Mutant.of(
                    "an upload begins in every state",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> begin(UploadRecord record) {
                            UploadRecord open = UploadRecord.open(
                                    record.session(), record.secret(), record.metadata(), record.startedMicros());
                            return record.state() == State.DEAD
                                    ? super.begin(open).then(super.replace(open, record))
                                    : super.begin(record);
                        }
                    }),
                    "CL-11.3"),
            Mutant.of(
                    "an absent upload is an error",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<UploadRecord> get(EntryId id) {
                            return super.get(id).switchIfEmpty(Mono.error(Mutant.refusal()));
                        }
                    }),
                    "CL-11.3",
                    "CL-12.1",
                    "CL-12.3",
                    "CL-13.3",
                    "CL-15.2"),
            Mutant.of(
                    "a committed upload is not read",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<UploadRecord> get(EntryId id) {
                            return super.get(id).filter(found -> found.state() != State.COMMITTED);
                        }
                    }),
                    "CL-12.2"),
            Mutant.of(
                    "only an open upload is removed",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Void> remove(EntryId id) {
                            return super.get(id)
                                    .filter(found -> found.state() == State.OPEN)
                                    .flatMap(found -> super.remove(id));
                        }
                    }),
                    "CL-12.3"),
            Mutant.of(
                    "a replacement is answered and not made",
                    clock -> replacing((found, expected) -> false, true),
                    "CL-11.2",
                    "CL-12.2",
                    "CL-13.1",
                    "CL-13.2",
                    "CL-13.3",
                    "CL-13.4",
                    "CL-13.5",
                    "CL-13.6",
                    "CL-14.1",
                    "CL-15.1",
                    "CL-15.2",
                    "CL-16.2"),
            Mutant.of(
                    "a replacement looks at the revision only",
                    clock -> replacing((found, expected) -> found.revision() == expected.revision(), false),
                    "CL-13.2"),
            Mutant.of(
                    "an absent record is replaced",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
                            return super.get(next.id())
                                    .hasElement()
                                    .flatMap(there -> there || expected.state() != State.OPEN
                                            ? Mono.just(true)
                                            : super.begin(expected))
                                    .then(super.replace(expected, next));
                        }
                    }),
                    "CL-13.3"),
            Mutant.of(
                    "a repeated replacement is refused",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
                            return super.get(next.id())
                                    .filter(next::equals)
                                    .map(found -> false)
                                    .switchIfEmpty(super.replace(expected, next));
                        }
                    }),
                    "CL-13.4"),
            Mutant.of(
                    "replacements at once all succeed",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
                            return super.replace(expected, next).map(done -> done || ForwardingRows.inRace());
                        }
                    }),
                    "CL-13.5"),
            Mutant.of(
                    "what is not next is silently refused",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
                            return super.replace(expected, next).onErrorReturn(IllegalArgumentException.class, false);
                        }
                    }),
                    "CL-13.6"),
            Mutant.of(
                    "a scan leaves out what is settled",
                    clock -> scanning((uploads, before) -> uploads.filter(UploadRecord::keepsBlob)),
                    "CL-14.1"),
            Mutant.of(
                    "a scan includes what started at that very time",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
                            return super.scan(
                                    scope,
                                    startedBeforeMicros == Long.MAX_VALUE
                                            ? startedBeforeMicros
                                            : startedBeforeMicros + 1);
                        }
                    }),
                    "CL-14.2"),
            Mutant.of(
                    "a scan of uploads emits everything at once",
                    clock -> scanning((uploads, before) -> RowListingMutants.ignoringDemand(uploads)),
                    "CL-14.3"),
            Mutant.of(
                    "an entry that lies where an upload does is silently dropped",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Void> append(ChangeEntry entry) {
                            return super.append(entry)
                                    .onErrorResume(IllegalArgumentException.class, error -> Mono.empty());
                        }
                    },
                    "CL-15.1"),
            Mutant.of(
                    "an upload takes the place of an entry",
                    clock -> in(log -> new Forwarding(log) {
                        @Override
                        public Mono<Boolean> begin(UploadRecord record) {
                            return log.remove(record.id()).then(super.begin(record));
                        }
                    }),
                    "CL-15.2"),
            Mutant.of(
                    "an open upload refers to nothing",
                    clock -> referring(
                            (log, found) -> found.state() == State.COMPLETING || found.state() == State.DYING),
                    "CL-16.1"),
            Mutant.of("an upload refers to its blob for ever", clock -> referring((log, found) -> true), "CL-16.2"),
            Mutant.of(
                    "an upload refers to all blobs of its UUID",
                    clock -> new ForwardingLog() {
                        @Override
                        public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
                            return super.referenced(blobs).flatMap(found -> Flux.fromIterable(blobs)
                                    .filterWhen(blob -> uploads()
                                            .get(EntryId.of(blob))
                                            .map(UploadRecord::keepsBlob)
                                            .defaultIfEmpty(false))
                                    .collectList()
                                    .map(more -> union(found, more)));
                        }
                    },
                    "CL-16.3"));

    private UploadRecordMutants() {}

    private static ForwardingLog in(Function<ForwardingLog, Forwarding> wrongly) {
        return new ForwardingLog() {
            private final Forwarding wrong = wrongly.apply(this);

            @Override
            public UploadRecords uploads() {
                return wrong;
            }
        };
    }

    private static ForwardingLog replacing(BiPredicate<UploadRecord, UploadRecord> matches, boolean answer) {
        return in(log -> new Forwarding(log) {
            @Override
            public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
                if (answer) {
                    return super.get(next.id()).thenReturn(true);
                }
                return super.get(next.id())
                        .filter(found ->
                                matches.test(found, expected) && found.session().equals(next.session()))
                        .flatMap(found -> super.replace(found, next))
                        .switchIfEmpty(super.replace(expected, next));
            }
        });
    }

    private static ForwardingLog scanning(Scanning wrongly) {
        return in(log -> new Forwarding(log) {
            @Override
            public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
                return wrongly.of(super.scan(scope, startedBeforeMicros), startedBeforeMicros);
            }
        });
    }

    private static ForwardingLog referring(BiPredicate<ForwardingLog, UploadRecord> counts) {
        return new ForwardingLog() {
            @Override
            public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
                return super.referenced(blobs).flatMap(right -> Flux.fromIterable(blobs)
                        .filterWhen(blob -> uploads()
                                .get(EntryId.of(blob))
                                .map(found -> found.blob().equals(blob) && counts.test(this, found))
                                .defaultIfEmpty(right.contains(blob)))
                        .collectList()
                        .map(Set::copyOf));
            }
        };
    }

    private static Set<BlobId> union(Set<BlobId> some, List<BlobId> more) {
        Set<BlobId> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private interface Scanning {
        Flux<UploadRecord> of(Flux<UploadRecord> uploads, long startedBeforeMicros);
    }

    /** The reference's records, to be made wrong in one method. */
    private static class Forwarding implements UploadRecords {
        private final UploadRecords records;

        Forwarding(ForwardingLog log) {
            this.records = log.log().uploads();
        }

        @Override
        public Mono<Boolean> begin(UploadRecord record) {
            return records.begin(record);
        }

        @Override
        public Mono<UploadRecord> get(EntryId id) {
            return records.get(id);
        }

        @Override
        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
            return records.replace(expected, next);
        }

        @Override
        public Mono<Void> remove(EntryId id) {
            return records.remove(id);
        }

        @Override
        public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
            return records.scan(scope, startedBeforeMicros);
        }
    }
}
