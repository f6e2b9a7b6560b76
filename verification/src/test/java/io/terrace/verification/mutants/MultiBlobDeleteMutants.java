// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Wrong deletions of many blobs. */
final class MultiBlobDeleteMutants {

    static final List<Mutant<LongTermBackend>> ALL = List.of(
            Mutant.of(
                    "a deletion of many leaves one out",
                    clock -> deleting(
                            (blobs, ids) -> blobs.deleteAll(ids.stream().skip(1).toList())),
                    "LT-7.1",
                    "LT-7.2",
                    "LT-7.3",
                    "LT-7.4",
                    "LT-7.5"),
            Mutant.of("a deletion of many fails for one that is absent", clock -> new Choosy(), "LT-7.2", "LT-7.5"),
            Mutant.of("no ids are all", clock -> new AllOfNone(), "LT-7.2"),
            Mutant.of("a deletion of many goes by objects", clock -> new ByObject(), "LT-7.3"),
            Mutant.of(
                    "a deletion of many takes names in lower case",
                    clock -> deleting((blobs, ids) -> blobs.deleteAll(ids.stream()
                            .map(id -> new BlobId(
                                    ObjectId.of(
                                            id.object().context(),
                                            id.object().key().toLowerCase(Locale.ROOT)),
                                    id.uuid()))
                            .toList())),
                    "LT-7.4"),
            Mutant.of(
                    "a deletion of many forgets the ids that are too many",
                    clock -> deleting((blobs, ids) ->
                            blobs.deleteAll(ids.stream().limit(blobs.maxBlobs()).toList())),
                    "LT-7.5"));

    private MultiBlobDeleteMutants() {}

    private interface Wrongly {
        Mono<Map<BlobId, Throwable>> deleteAll(MultiBlobDeletes blobs, Collection<BlobId> ids);
    }

    private static ForwardingBlobs deleting(Wrongly wrongly) {
        return new ForwardingBlobs() {
            @Override
            public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
                return wrongly.deleteAll(blobs(), ids);
            }
        };
    }

    private static final class Choosy extends ForwardingBlobs {
        @Override
        public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
            return Flux.fromIterable(ids)
                    .filterWhen(id -> head(id).hasElement().map(present -> !present))
                    .collectMap(id -> id, id -> (Throwable) Mutant.refusal())
                    .flatMap(absent -> super.deleteAll(ids).thenReturn(absent));
        }
    }

    private static final class AllOfNone extends ForwardingBlobs {
        @Override
        public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
            return ids.isEmpty() ? list("").collectList().flatMap(super::deleteAll) : super.deleteAll(ids);
        }
    }

    private static final class ByObject extends ForwardingBlobs {
        @Override
        public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
            List<ObjectId> objects = ids.stream().map(BlobId::object).toList();
            return ids.size() > maxBlobs()
                    ? super.deleteAll(ids)
                    : list("").filter(id -> objects.contains(id.object()))
                            .collectList()
                            .flatMap(super::deleteAll);
        }
    }
}
