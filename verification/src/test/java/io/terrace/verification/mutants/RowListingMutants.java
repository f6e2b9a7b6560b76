// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.TerraceRuntime;
import java.util.List;
import java.util.Locale;
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
                    "HV-7.3"),
            Mutant.of("a prefix ends at a slash", SegmentPrefixes::new, "HV-7.3"),
            Mutant.of("a scan counts pages from the beginning", NumberedPages::new, "HV-7.4"),
            Mutant.of(
                    "a scan emits everything at once",
                    clock -> scanning(clock, RowListingMutants::ignoringDemand),
                    "HV-7.5"));

    private RowListingMutants() {}

    private static ForwardingRows scanning(TerraceRuntime clock, Function<Flux<ListedRow>, Flux<ListedRow>> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Flux<ListedRow> scan(String prefix) {
                return wrongly.apply(super.scan(prefix));
            }
        };
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
        public Flux<ListedRow> scan(String prefix) {
            return super.scan(prefix)
                    .filter(row -> prefix.isEmpty()
                            || prefix.endsWith("/")
                            || (row.id().storagePath() + "/").startsWith(prefix + "/"));
        }
    }

    private static final class NumberedPages extends ForwardingRows {
        private static final int PAGE = 10;

        NumberedPages(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<ListedRow> scan(String prefix) {
            return page(prefix, 0);
        }

        private Flux<ListedRow> page(String prefix, int number) {
            return Flux.defer(() -> super.scan(prefix)
                    .skip((long) number * PAGE)
                    .take(PAGE)
                    .collectList()
                    .flatMapMany(rows -> {
                        pauseInRaces();
                        Flux<ListedRow> here = Flux.fromIterable(rows);
                        return rows.size() < PAGE ? here : here.concatWith(page(prefix, number + 1));
                    }));
        }
    }
}
