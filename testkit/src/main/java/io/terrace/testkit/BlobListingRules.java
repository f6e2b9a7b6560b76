// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import java.util.ArrayList;
import java.util.List;

/** LT-6: enumerating blobs, where a store can. */
abstract class BlobListingRules {

    private final LongTermConformanceTest kit;
    private final Blobs blobs;

    BlobListingRules(LongTermConformanceTest kit) {
        this.kit = kit;
        this.blobs = kit.blobs();
    }

    @Rule(value = "LT-6.1", requirement = Requirement.CAPABILITY)
    void everyBlobIsListedOnceAsItself() {
        BlobListing listing = kit.facet(BlobListing.class);
        List<BlobId> ids = new ArrayList<>();
        for (ObjectId object : Samples.objectsForBlobs()) {
            ids.add(new BlobId(object, Blobs.of("any").uuid()));
            ids.add(new BlobId(object, Blobs.of("any").uuid()));
        }
        ids.forEach(id -> blobs.put(id, Payload.of(Bytes.of(1))));

        assertThat(Await.all(listing.list(""))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Rule(value = "LT-6.2", requirement = Requirement.CAPABILITY)
    void aPrefixSelectsByThePathOfTheObjectWhereverItEnds() {
        BlobListing listing = kit.facet(BlobListing.class);
        List<BlobId> ids = new ArrayList<>();
        for (String context : List.of("kit", "ki", "kit2")) {
            for (String key : List.of("a", "a", "a/b", "ab", "b", "A")) {
                ids.add(new BlobId(
                        ObjectId.of(ObjectContext.of(context), key),
                        Blobs.of("any").uuid()));
            }
        }
        ids.forEach(id -> blobs.put(id, Payload.of(Bytes.of(1))));

        List<String> prefixes = new ArrayList<>(List.of(
                "k",
                "kit",
                "kit/",
                "kit/objects/a",
                "kit/objects/a/",
                "kit/objects/a/b",
                "kit/objects/a/b/",
                "x",
                "kit/objects/\uffff"));
        // A prefix must not reach into the UUID.
        prefixes.add(ids.get(0).storagePath());
        prefixes.add(ids.get(0).object().storagePath() + "/0");
        for (String prefix : prefixes) {
            assertThat(Await.all(listing.list(prefix)))
                    .as("prefix '%s'", prefix)
                    .containsExactlyInAnyOrderElementsOf(ids.stream()
                            .filter(id -> id.object().storagePath().startsWith(prefix))
                            .toList());
        }
    }

    @Rule(value = "LT-6.3", requirement = Requirement.CAPABILITY)
    void aBlobThatIsThereThroughoutIsListedOnceWhateverHappensBesideIt() {
        BlobListing listing = kit.facet(BlobListing.class);
        List<BlobId> stable = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            stable.add(blobs.installed(1));
        }

        Beside.of(i -> Await.done(blobs.backend().delete(blobs.installed(1))), () -> assertThat(
                        Await.all(listing.list("")))
                .doesNotHaveDuplicates()
                .containsAll(stable));
    }

    @Rule(value = "LT-6.4", requirement = Requirement.CAPABILITY)
    void aListingIsReadByDemandAndEndsWhenCancelled() {
        BlobListing listing = kit.facet(BlobListing.class);
        for (int i = 0; i < 20; i++) {
            blobs.installed(1);
        }
        Demand<BlobId> demand = Demand.on(listing.list(""));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }
}
