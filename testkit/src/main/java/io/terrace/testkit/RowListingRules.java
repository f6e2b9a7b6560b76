// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.WriteId;
import io.terrace.testkit.RowState.Installed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** HV-7: enumerating rows, where a store can. */
abstract class RowListingRules {

    private final HighVolumeConformanceTest kit;
    private final Rows rows;
    private final AtomicInteger others = new AtomicInteger();

    RowListingRules(HighVolumeConformanceTest kit) {
        this.kit = kit;
        this.rows = kit.rows();
    }

    @Rule(value = "HV-7.1", requirement = Requirement.CAPABILITY)
    void everyRowIsListedOnceWithItsHeadMarkersAndExpiredOnesToo() {
        RowListing listing = kit.facet(RowListing.class);
        List<Installed> all = RowState.installEach(rows, RowState.present());

        assertThat(Await.all(listing.scan("")))
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .map(row -> new ListedRow(row.id(), row.head()))
                        .toList());
    }

    @Rule(value = "HV-7.2", requirement = Requirement.CAPABILITY)
    void everyObjectIdIsListedAsItself() {
        RowListing listing = kit.facet(RowListing.class);
        Samples.objects().forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));

        assertThat(Await.all(listing.scan("").map(ListedRow::id)))
                .containsExactlyInAnyOrderElementsOf(Samples.objects());
    }

    @Rule(value = "HV-7.3", requirement = Requirement.CAPABILITY)
    void aPrefixSelectsWhatBeginsWithItWhereverItEnds() {
        RowListing listing = kit.facet(RowListing.class);
        List<ObjectId> ids = new ArrayList<>();
        for (String context : List.of("kit", "ki", "kit2")) {
            for (String key : List.of("a", "a/b", "ab", "a/c/d", "b", "A")) {
                ids.add(ObjectId.of(ObjectContext.of(context), key));
            }
        }
        ids.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));

        for (String prefix : List.of(
                "k",
                "kit",
                "kit/",
                "kit/objects/a",
                "kit/objects/a/",
                "kit/objects/a/c/d",
                "kit/objects/a/c/d/",
                "kit2/objects/A",
                "x",
                "kit/objects/\uffff")) {
            assertThat(Await.all(listing.scan(prefix).map(ListedRow::id)))
                    .as("prefix '%s'", prefix)
                    .containsExactlyInAnyOrderElementsOf(ids.stream()
                            .filter(id -> id.storagePath().startsWith(prefix))
                            .toList());
        }
    }

    @Rule(value = "HV-7.4", requirement = Requirement.CAPABILITY)
    void aRowThatIsThereThroughoutIsListedOnceWhateverHappensBesideIt() {
        RowListing listing = kit.facet(RowListing.class);
        List<ObjectId> stable = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            stable.add(Samples.object("stable-" + i));
        }
        stable.forEach(id -> rows.put(id, new WriteId(7, 0), Rows.object("v")));

        Beside.of(i -> rows.put(stable.get(i % stable.size()), new WriteId(7, i), Rows.object("v")), () -> {
            List<ListedRow> listed = Await.all(amongNewRows(listing.scan("")));
            assertThat(listed).extracting(ListedRow::id).doesNotHaveDuplicates().containsAll(stable);
            assertThat(listed).allSatisfy(row -> assertThat(row.head().writeId().high())
                    .isEqualTo(row.id().key().startsWith("stable") ? 7 : 8));
        });
    }

    /** Puts a new row after each of the first that are listed: a page that is found by its number then moves. */
    private Flux<ListedRow> amongNewRows(Flux<ListedRow> scan) {
        AtomicInteger listed = new AtomicInteger();
        return scan.concatMap(
                row -> listed.getAndIncrement() >= 20
                        ? Mono.just(row)
                        : rows.backend()
                                .putUnlessTombstone(otherRow(), new WriteId(8, 0), Rows.object("v"))
                                .thenReturn(row),
                1);
    }

    private ObjectId otherRow() {
        return Samples.object("other-" + others.incrementAndGet());
    }

    @Rule(value = "HV-7.5", requirement = Requirement.CAPABILITY)
    void aScanIsReadByDemandAndEndsWhenCancelled() {
        RowListing listing = kit.facet(RowListing.class);
        for (int i = 0; i < 20; i++) {
            rows.put(rows.fresh(), Rows.writeId(), Rows.object("v"));
        }
        Demand<ListedRow> demand = Demand.on(listing.scan(""));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }
}
