// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectId;
import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.MultiBlobDeletes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** LT-7: deleting many blobs in one request, where a store can. */
abstract class MultiBlobDeleteRules {

    private static final int BLOBS = 20;

    private final LongTermConformanceTest kit;
    private final Blobs blobs;

    MultiBlobDeleteRules(LongTermConformanceTest kit) {
        this.kit = kit;
        this.blobs = kit.blobs();
    }

    @Rule(value = "LT-7.1", requirement = Requirement.CAPABILITY)
    void eachBlobThatTheAnswerDoesNotNameIsGone() {
        MultiBlobDeletes deletes = kit.facet(MultiBlobDeletes.class);
        List<BlobId> ids = installed(Math.min(deletes.maxBlobs(), BLOBS));
        delete(ids);

        ids.forEach(blobs::assertAbsent);
        blobs.assertInvisible(ids.get(0));
    }

    @Rule(value = "LT-7.2", requirement = Requirement.CAPABILITY)
    void deletingWhatIsNotThereIsSuccess() {
        MultiBlobDeletes deletes = kit.facet(MultiBlobDeletes.class);
        BlobId kept = blobs.installed(10);
        delete(List.of());
        delete(List.of(blobs.fresh(), blobs.fresh()));
        List<BlobId> ids = installed(2);
        delete(ids);
        delete(ids);

        assertThat(deletes.maxBlobs()).isGreaterThanOrEqualTo(2);
        ids.forEach(blobs::assertAbsent);
        assertThat(blobs.read(kept)).isEqualTo(Bytes.of(10));
    }

    @Rule(value = "LT-7.3", requirement = Requirement.CAPABILITY)
    void otherBlobsStayThoseOfTheSameObjectIncluded() {
        List<BlobId> deleted = installed(2);
        List<BlobId> others = new ArrayList<>();
        for (BlobId id : deleted) {
            ObjectId below = Samples.object(id.object().key() + "/" + id.uuid());
            for (ObjectId object : List.of(id.object(), below)) {
                BlobId other = new BlobId(object, Blobs.of("any").uuid());
                blobs.put(other, Payload.of(Bytes.of(11)));
                others.add(other);
            }
        }
        delete(deleted);

        deleted.forEach(blobs::assertAbsent);
        others.forEach(other -> assertThat(blobs.read(other)).isEqualTo(Bytes.of(11)));
    }

    @Rule(value = "LT-7.4", requirement = Requirement.CAPABILITY)
    void aBlobIsDeletedWhateverTheNameOfItsObject() {
        MultiBlobDeletes deletes = kit.facet(MultiBlobDeletes.class);
        List<BlobId> all = Samples.objectsForBlobs().stream()
                .map(object -> new BlobId(object, Blobs.of("any").uuid()))
                .toList();
        all.forEach(id -> blobs.put(id, Payload.of(Bytes.of(3))));
        for (int from = 0; from < all.size(); from += deletes.maxBlobs()) {
            delete(all.subList(from, Math.min(all.size(), from + deletes.maxBlobs())));
        }

        assertThat(all)
                .allSatisfy(id ->
                        assertThat(Await.optional(blobs.backend().head(id))).isEmpty());
    }

    @Rule(value = "LT-7.5", requirement = Requirement.CAPABILITY)
    void oneCallTakesAsManyAsItSaysAndNoMore() {
        MultiBlobDeletes deletes = kit.facet(MultiBlobDeletes.class);
        int most = deletes.maxBlobs();
        BlobId last = blobs.installed(10);
        List<BlobId> full = Stream.concat(IntStream.range(1, most).mapToObj(i -> blobs.fresh()), Stream.of(last))
                .toList();
        List<BlobId> tooMany =
                Stream.concat(full.stream(), Stream.of(blobs.fresh())).toList();

        assertThatThrownBy(() -> Await.value(deletes.deleteAll(tooMany))).isInstanceOf(IllegalArgumentException.class);
        assertThat(blobs.read(last)).isEqualTo(Bytes.of(10));
        delete(full);
        blobs.assertAbsent(last);
    }

    private List<BlobId> installed(int count) {
        return IntStream.range(0, count).mapToObj(i -> blobs.installed(10 + i)).toList();
    }

    /** All of them, at the first attempt. */
    private void delete(Collection<BlobId> ids) {
        assertThat(Await.value(kit.facet(MultiBlobDeletes.class).deleteAll(ids)))
                .isEmpty();
    }
}
