// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.spi.BlobId;
import io.terrace.spi.LongTermBackend;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;

/** Wrong listings of blobs. */
final class BlobListingMutants {

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of(
                    "a listing has one blob of each object",
                    clock -> listing(ids -> ids.distinct(BlobId::object)),
                    "LT-6.1",
                    "LT-6.2"),
            Mutant.of(
                    "a listing has blobs twice",
                    clock -> listing(ids -> ids.concatMap(id -> Flux.just(id, id), 0)),
                    "LT-1.2",
                    "LT-6.1",
                    "LT-6.2",
                    "LT-6.3"),
            Mutant.of(
                    "a prefix reaches into the UUID",
                    clock -> new ForwardingBlobs() {
                        @Override
                        public Flux<BlobId> list(String prefix) {
                            return super.list("").filter(id -> id.storagePath().startsWith(prefix));
                        }
                    },
                    "LT-6.2"),
            Mutant.of("a listing counts pages from the beginning", clock -> new NumberedPages(), "LT-6.3"),
            Mutant.of(
                    "a listing emits everything at once",
                    clock -> listing(RowListingMutants::ignoringDemand),
                    "LT-6.4"));

    private BlobListingMutants() {}

    private static ForwardingBlobs listing(UnaryOperator<Flux<BlobId>> wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Flux<BlobId> list(String prefix) {
                return wrongly.apply(super.list(prefix));
            }
        };
    }

    private static final class NumberedPages extends ForwardingBlobs {
        private static final int PAGE = 10;

        @Override
        public Flux<BlobId> list(String prefix) {
            return page(prefix, 0);
        }

        private Flux<BlobId> page(String prefix, int number) {
            return Flux.defer(() -> super.list(prefix)
                    .skip((long) number * PAGE)
                    .take(PAGE)
                    .collectList()
                    .flatMapMany(ids -> {
                        ForwardingRows.pauseInRaces();
                        Flux<BlobId> here = Flux.fromIterable(ids);
                        return ids.size() < PAGE ? here : here.concatWith(page(prefix, number + 1));
                    }));
        }
    }
}
