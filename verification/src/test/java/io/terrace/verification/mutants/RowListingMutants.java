// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** Wrong listings of rows. */
final class RowListingMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a scan leaves markers out",
                    clock -> scanning(
                            clock, rows -> rows.filter(row -> row.head().kind() != RowKind.MARKER)),
                    "HV-7.1"),
            Mutant.of(
                    "a scan leaves expired rows out",
                    clock -> scanning(
                            clock,
                            rows -> rows.filter(row -> row.head().kind() == RowKind.MARKER
                                    || row.head().isLiveAt(clock.nowMicros()))),
                    "HV-7.1"),
            Mutant.of(
                    "a scan lists names in lower case",
                    clock -> scanning(
                            clock,
                            rows -> rows.map(row -> new ListedRow(
                                    ObjectId.of(
                                            row.id().context(), row.id().key().toLowerCase(Locale.ROOT)),
                                    row.head()))),
                    "HV-7.2",
                    "HV-7.3",
                    "HV-7.6",
                    "HV-7.7"),
            Mutant.of("a prefix ends at a slash", SegmentPrefixes::new, "HV-7.3"),
            Mutant.of("a scan counts pages from the beginning", NumberedPages::new, "HV-7.4"),
            Mutant.of(
                    "a scan emits everything at once",
                    clock -> scanning(clock, RowListingMutants::ignoringDemand),
                    "HV-7.5",
                    "HV-7.9"),
            Mutant.of(
                    "a scan has the order of Java's strings",
                    clock -> ordered(clock, Comparator.naturalOrder()),
                    "HV-7.6"),
            Mutant.of(
                    "a scan compares bytes with their signs",
                    clock -> ordered(clock, (a, b) -> Arrays.compare(utf8(a), utf8(b))),
                    "HV-7.6"),
            Mutant.of(
                    "a scan has the order of segments",
                    clock -> ordered(clock, (a, b) -> Arrays.compare(a.split("/"), b.split("/"))),
                    "HV-7.6"),
            Mutant.of(
                    "a scan has the order of hashes",
                    clock -> ordered(clock, Comparator.comparing(path -> Integer.reverse(path.hashCode()))),
                    "HV-7.6",
                    "HV-7.8"),
            Mutant.of(
                    "a scan begins at the path",
                    clock -> starting(clock, (rows, prefix, after) -> rows.scan(prefix, "")
                            .filter(row -> RowListing.ORDER.compare(row.id().storagePath(), after) >= 0)),
                    "HV-7.7",
                    "HV-7.8"),
            Mutant.of(
                    "a scan begins nowhere if there is no row at the path",
                    clock -> starting(
                            clock,
                            (rows, prefix, after) -> after.isEmpty()
                                    ? rows.scan(prefix, after)
                                    : rows.scan("", "")
                                            .any(row -> row.id().storagePath().equals(after))
                                            .flatMapMany(there -> there ? rows.scan(prefix, after) : Flux.empty())),
                    "HV-7.7"),
            Mutant.of(
                    "a scan begins after a path in Java's order",
                    clock -> starting(clock, (rows, prefix, after) -> rows.scan(prefix, "")
                            .filter(row -> row.id().storagePath().compareTo(after) > 0)),
                    "HV-7.7"),
            Mutant.of("a scan begins where the last one ended, by its number", NumberedStarts::new, "HV-7.8"),
            Mutant.of(
                    "a scan reads everything when it begins",
                    clock -> scanning(clock, rows -> rows.collectList().flatMapIterable(all -> all)),
                    "HV-7.9"));

    private RowListingMutants() {}

    private static ForwardingRows scanning(TerraceRuntime clock, Function<Flux<ListedRow>, Flux<ListedRow>> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Flux<ListedRow> scan(String prefix, String after) {
                return wrongly.apply(super.scan(prefix, after));
            }
        };
    }

    private static ForwardingRows starting(TerraceRuntime clock, Start wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Flux<ListedRow> scan(String prefix, String after) {
                return wrongly.scan(super::scan, prefix, after);
            }
        };
    }

    private interface Start {
        Flux<ListedRow> scan(RowListing rows, String prefix, String after);
    }

    /** Sorts the names alone, and reads each row when it is asked for. */
    private static ForwardingRows ordered(TerraceRuntime clock, Comparator<String> order) {
        return new ForwardingRows(clock) {
            @Override
            public Flux<ListedRow> scan(String prefix, String after) {
                return super.scan(prefix, after)
                        .map(ListedRow::id)
                        .sort(Comparator.comparing(ObjectId::storagePath, order))
                        .concatMap(id -> read(id, RowProjection.HEAD).map(row -> new ListedRow(id, row.head())), 1);
            }
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A stream that does not wait to be asked. */
    static <T> Flux<T> ignoringDemand(Flux<T> stream) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                subscriber.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {
                        // It does not care.
                    }

                    @Override
                    public void cancel() {
                        // Nor about this.
                    }
                });
                stream.subscribe(subscriber::onNext, subscriber::onError, subscriber::onComplete);
            }
        };
    }

    private static final class SegmentPrefixes extends ForwardingRows {
        SegmentPrefixes(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<ListedRow> scan(String prefix, String after) {
            return super.scan(prefix, after)
                    .filter(row -> prefix.isEmpty()
                            || prefix.endsWith("/")
                            || (row.id().storagePath() + "/").startsWith(prefix + "/"));
        }
    }

    /** Remembers how many rows there were before each one, when it was listed last. */
    private static final class NumberedStarts extends ForwardingRows {
        private final Map<String, Long> numbers = new ConcurrentHashMap<>();

        NumberedStarts(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<ListedRow> scan(String prefix, String after) {
            Long number = after.isEmpty() ? Long.valueOf(-1) : numbers.get(prefix + "\n" + after);
            if (number == null) {
                return super.scan(prefix, after);
            }
            return super.scan(prefix, "").index().skip(number + 1).map(numbered -> {
                ListedRow row = numbered.getT2();
                numbers.put(prefix + "\n" + row.id().storagePath(), numbered.getT1());
                return row;
            });
        }
    }

    private static final class NumberedPages extends ForwardingRows {
        private static final int PAGE = 10;

        NumberedPages(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<ListedRow> scan(String prefix, String after) {
            return page(prefix, after, 0);
        }

        private Flux<ListedRow> page(String prefix, String after, int number) {
            return Flux.defer(() -> super.scan(prefix, after)
                    .skip((long) number * PAGE)
                    .take(PAGE)
                    .collectList()
                    .flatMapMany(rows -> {
                        pauseInRaces();
                        Flux<ListedRow> here = Flux.fromIterable(rows);
                        return rows.size() < PAGE ? here : here.concatWith(page(prefix, after, number + 1));
                    }));
        }
    }
}
