// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.TooLargeException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Rows that are kept, named or read wrongly. */
final class RowMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of("a reader on another thread is behind", StaleReads::new, "HV-1.1"),
            Mutant.of(
                    "a read hides expired rows",
                    HidingRows::new,
                    "HV-1.2",
                    "HV-1.3",
                    "HV-1.15",
                    "HV-2.3",
                    "HV-2.4",
                    "HV-2.7",
                    "HV-3.1",
                    "HV-3.2",
                    "HV-3.3",
                    "HV-3.5",
                    "HV-3.6",
                    "HV-4.5",
                    "HV-4.6",
                    "HV-5.2",
                    "HV-5.7",
                    "HV-5.9",
                    "HV-6.1",
                    "HV-6.3",
                    "HV-6.4",
                    "HV-6.5",
                    "HV-6.8",
                    "HV-6.10",
                    "HV-6.11",
                    "HV-6.12",
                    "HV-6.13",
                    "HV-6.14",
                    "HV-7.1"),
            Mutant.of(
                    "an absent row is read as a row that says so",
                    clock -> reading(clock, RowMutants::absentRow),
                    "HV-2.1",
                    "HV-9.2",
                    "HV-9.5",
                    "HV-9.8"),
            Mutant.of(
                    "a read loses the name of the file",
                    clock -> ForwardingRows.withHeads(clock, RowMutants::withoutFilename),
                    "HV-1.5",
                    "HV-1.14",
                    "HV-2.2",
                    "HV-2.5",
                    "HV-3.1",
                    "HV-3.2",
                    "HV-3.3",
                    "HV-3.4",
                    "HV-3.5",
                    "HV-3.6",
                    "HV-4.4",
                    "HV-4.5",
                    "HV-4.6",
                    "HV-5.7",
                    "HV-6.4",
                    "HV-6.12",
                    "HV-6.14",
                    "HV-9.7"),
            Mutant.of(
                    "a read cuts deadlines to milliseconds",
                    clock -> ForwardingRows.withHeads(clock, RowMutants::withMillis),
                    "HV-1.15"),
            Mutant.of(
                    "a row forgets when it was written",
                    clock -> ForwardingRows.withHeads(clock, head -> writtenAt(head, 0)),
                    "HV-2.4",
                    "HV-3.4",
                    "HV-3.5",
                    "HV-3.6",
                    "HV-4.4",
                    "HV-4.5",
                    "HV-4.6",
                    "HV-5.7",
                    "HV-6.12"),
            Mutant.of(
                    "a read of the head moves the payload",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<Row> read(ObjectId id, RowProjection projection) {
                            return super.read(id, RowProjection.FULL);
                        }
                    },
                    "HV-2.3"),
            Mutant.of("a read takes head and payload at different times", MixedReads::new, "HV-2.5", "HV-9.7"),
            Mutant.of("a reader may write into the row", WritableRows::new, "HV-2.6"),
            Mutant.of("a row keeps the caller's buffer", KeptBuffers::new, "HV-1.13"),
            Mutant.of("a row takes half a mebibyte", SmallRows::new, "HV-1.12"),
            Mutant.of(
                    "names are folded to lower case",
                    clock -> naming(clock, id -> renamed(id, id.key().toLowerCase(Locale.ROOT))),
                    "HV-1.10",
                    "HV-1.15",
                    "HV-7.2",
                    "HV-7.3",
                    "HV-7.6",
                    "HV-7.7"),
            Mutant.of(
                    "a slash at the end of a name is left out",
                    clock -> naming(
                            clock,
                            id -> id.key().length() > 1 && id.key().endsWith("/")
                                    ? renamed(id, id.key().substring(0, id.key().length() - 1))
                                    : id),
                    "HV-1.10",
                    "HV-1.15",
                    "HV-7.2",
                    "HV-7.6",
                    "HV-7.7"),
            Mutant.of("a call is made when it is assembled", EagerRows::new, "BE-2.4", "HV-1.7"),
            Mutant.of(
                    "a call is made once for all its subscribers",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                            return super.compareAndSet(id, expected, write).cache();
                        }
                    },
                    "HV-1.7"),
            Mutant.of("a cancelled put leaves half of itself", HalfPuts::new, "HV-1.5"));

    private RowMutants() {}

    private static Mono<Row> absentRow(Mono<Row> read) {
        return read.defaultIfEmpty(new Row(RowHead.ABSENT, null));
    }

    private static ForwardingRows reading(TerraceRuntime clock, UnaryOperator<Mono<Row>> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<Row> read(ObjectId id, RowProjection projection) {
                return wrongly.apply(super.read(id, projection));
            }
        };
    }

    private static RowHead withoutFilename(RowHead head) {
        ObjectMetadata metadata = head.metadata();
        return metadata == null
                ? head
                : with(
                        head,
                        head.deadline(),
                        metadata.toBuilder().filename(null).build());
    }

    private static RowHead withMillis(RowHead head) {
        Deadline deadline = head.deadline();
        return deadline.isNone() || deadline.isDead() || deadline.micros() < 1000
                ? head
                : with(head, new Deadline(deadline.micros() / 1000 * 1000), head.metadata());
    }

    private static RowHead with(RowHead head, Deadline deadline, ObjectMetadata metadata) {
        return new RowHead(head.kind(), head.version(), deadline, head.lastWriteMicros(), metadata, head.target());
    }

    private static RowHead writtenAt(RowHead head, long micros) {
        return new RowHead(head.kind(), head.version(), head.deadline(), micros, head.metadata(), head.target());
    }

    private static ObjectId renamed(ObjectId id, String key) {
        return ObjectId.of(id.context(), key);
    }

    private static ForwardingRows naming(TerraceRuntime clock, UnaryOperator<ObjectId> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<Row> read(ObjectId id, RowProjection projection) {
                return super.read(wrongly.apply(id), projection);
            }

            @Override
            public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
                return super.putUnlessTombstone(wrongly.apply(id), writeId, object);
            }

            @Override
            public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                return super.compareAndSet(wrongly.apply(id), expected, write);
            }
        };
    }

    /** A thread that has read a row before gets that once more, if another thread has written since. */
    private static final class StaleReads extends ForwardingRows {
        private record Seen(Thread reader, ObjectId id) {}

        private final Map<Seen, Row> seen = new ConcurrentHashMap<>();
        private final Map<ObjectId, Thread> writers = new ConcurrentHashMap<>();

        StaleReads(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return Mono.defer(() -> {
                writers.put(id, Thread.currentThread());
                return super.putUnlessTombstone(id, writeId, object);
            });
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return Mono.defer(() -> {
                Seen key = new Seen(Thread.currentThread(), id);
                Row fresh = super.read(id, projection).block();
                Row stale = fresh == null ? null : seen.put(key, fresh);
                boolean behind = stale != null
                        && (stale.payload() == null) == (fresh.payload() == null)
                        && writers.getOrDefault(id, key.reader()) != key.reader();
                return Mono.justOrEmpty(behind ? stale : fresh);
            });
        }
    }

    private static final class HidingRows extends ForwardingRows {
        HidingRows(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection)
                    .filter(row -> row.kind() == RowKind.MARKER || row.head().isLiveAt(clock().nowMicros()));
        }
    }

    private static final class MixedReads extends ForwardingRows {
        MixedReads(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection).flatMap(row -> {
                pauseInRaces();
                return row.payload() == null
                        ? Mono.just(row)
                        : super.read(id, projection).map(later -> new Row(row.head(), later.payload()));
            });
        }
    }

    private static final class WritableRows extends ForwardingRows {
        private final Map<WriteId, ByteBuffer> handedOut = new ConcurrentHashMap<>();

        WritableRows(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection)
                    .map(row -> row.payload() == null
                            ? row
                            : new Row(
                                    row.head(),
                                    handedOut
                                            .computeIfAbsent(row.version().writeId(), any -> ByteBuffer.allocate(
                                                            row.payload().remaining())
                                                    .put(row.payload().duplicate())
                                                    .flip())
                                            .duplicate()));
        }
    }

    private static final class KeptBuffers extends ForwardingRows {
        private final Map<WriteId, ByteBuffer> kept = new ConcurrentHashMap<>();

        KeptBuffers(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            kept.put(writeId, object.payload().slice().asReadOnlyBuffer());
            return super.putUnlessTombstone(id, writeId, object);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection)
                    .map(row -> row.payload() == null
                            ? row
                            : new Row(
                                    row.head(),
                                    kept.getOrDefault(row.version().writeId(), row.payload())
                                            .duplicate()));
        }
    }

    private static final class SmallRows extends ForwardingRows {
        SmallRows(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return object.payload().remaining() > 1 << 19
                    ? Mono.error(new TooLargeException(name(), "too large", Determinacy.NOT_APPLIED))
                    : super.putUnlessTombstone(id, writeId, object);
        }
    }

    private static final class EagerRows extends ForwardingRows {
        EagerRows(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
            Mono<BlindOutcome> done = super.deleteUnlessTombstone(id, writeId).cache();
            done.subscribe(outcome -> {}, error -> {});
            return done;
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            Mono<BlindOutcome> done =
                    super.putUnlessTombstone(id, writeId, object).cache();
            done.subscribe(outcome -> {}, error -> {});
            return done;
        }
    }

    private static final class HalfPuts extends ForwardingRows {
        HalfPuts(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return Mono.defer(() -> {
                RowHead head = head(id);
                if (head.kind() == RowKind.INLINE && !inRace()) {
                    rows().bump(id, head, RowChange.metadata(object.metadata(), object.deadline()))
                            .block();
                }
                return Mono.fromCallable(
                        () -> super.putUnlessTombstone(id, writeId, object).block());
            });
        }
    }
}
