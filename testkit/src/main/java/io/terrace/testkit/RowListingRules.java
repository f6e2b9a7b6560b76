// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.WriteId;
import io.terrace.testkit.RowState.Installed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** HV-7: enumerating rows, where a store can. */
abstract class RowListingRules {

    /** How far a scan may read ahead. */
    private static final int MAX_AHEAD = 1000;

    private static final int WRITERS = 32;

    /** By the bytes themselves, so that it does not depend on how others compare. */
    private static final Comparator<String> BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

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

        assertThat(Await.all(listing.scan("", "")))
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .map(row -> new ListedRow(row.id(), row.head()))
                        .toList());
    }

    @Rule(value = "HV-7.2", requirement = Requirement.CAPABILITY)
    void everyObjectIdIsListedAsItself() {
        RowListing listing = kit.facet(RowListing.class);
        Samples.objects().forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));

        assertThat(Await.all(listing.scan("", "").map(ListedRow::id)))
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
            assertThat(Await.all(listing.scan(prefix, "").map(ListedRow::id)))
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
            List<ListedRow> listed = Await.all(amongNewRows(listing.scan("", "")));
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
        Demand<ListedRow> demand = Demand.on(listing.scan("", ""));

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }

    @Rule(value = "HV-7.6", requirement = Requirement.CAPABILITY)
    void rowsComeInTheOrderOfTheirPathsBytes() {
        RowListing listing = kit.facet(RowListing.class);
        List<ObjectId> ids = new ArrayList<>(Samples.objects());
        ids.addAll(Samples.neighbours());
        ids.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));

        assertThat(paths(listing.scan("", ""))).isEqualTo(inOrder(ids, path -> true));
    }

    @Rule(value = "HV-7.7", requirement = Requirement.CAPABILITY)
    void aScanBeginsAfterAPathWhetherThereIsARowOrNot() {
        RowListing listing = kit.facet(RowListing.class);
        List<ObjectId> ids = Samples.neighbours();
        ids.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));
        Set<String> starts =
                new LinkedHashSet<>(List.of("", "a", "kit/objects/a/b/c", "kit/objects/\uf8ff", "z", "\uffff"));
        for (ObjectId id : ids) {
            String path = id.storagePath();
            starts.add(path);
            starts.add(path + "!");
            starts.add(path.substring(0, path.offsetByCodePoints(path.length(), -1)));
        }

        for (String prefix : List.of("", "kit/objects/")) {
            for (String start : starts) {
                assertThat(paths(listing.scan(prefix, start)))
                        .as("prefix '%s', after '%s'", prefix, start)
                        .containsExactlyInAnyOrderElementsOf(
                                inOrder(ids, path -> path.startsWith(prefix) && BYTES.compare(path, start) > 0));
            }
        }
    }

    @Rule(value = "HV-7.8", requirement = Requirement.CAPABILITY)
    void pagesAreOneScanWhateverIsWrittenBetweenThem() {
        RowListing listing = kit.facet(RowListing.class);
        List<ObjectId> stable = new ArrayList<>();
        for (int i = 10; i < 60; i++) {
            stable.add(Samples.object("stable-" + i));
        }
        stable.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));
        List<ObjectId> listed = new ArrayList<>();
        String after = "";
        int next = 10;

        for (List<ObjectId> page = page(listing, after); !page.isEmpty(); page = page(listing, after)) {
            listed.addAll(page);
            assertThat(listed).as("after '%s'", after).doesNotHaveDuplicates();
            ObjectId last = page.get(page.size() - 1);
            after = last.storagePath();
            rows.put(otherRow(), Rows.writeId(), Rows.object("v"));
            rows.put(Samples.object("stable-" + next++ + "-late"), Rows.writeId(), Rows.object("v"));
            rows.delete(last, Rows.writeId());
        }
        assertThat(listed).containsAll(stable);
    }

    private static List<ObjectId> page(RowListing listing, String after) {
        return Await.all(listing.scan("", after).map(ListedRow::id).take(7));
    }

    @Rule(value = "HV-7.9", requirement = Requirement.CAPABILITY)
    void noRowIsReadLongBeforeItIsAskedFor() throws InterruptedException {
        RowListing listing = kit.facet(RowListing.class);
        Await.done(Flux.range(1, MAX_AHEAD + 10)
                .flatMap(
                        i -> rows.backend()
                                .putUnlessTombstone(
                                        Samples.object("row-" + (10_000 + i)), Rows.writeId(), Rows.object("v")),
                        WRITERS)
                .then());
        Demand<ListedRow> demand = Demand.on(listing.scan("", ""));
        demand.expect(1);
        ObjectId last = Samples.object("row-" + (10_000 + MAX_AHEAD + 10));
        WriteId later = Rows.writeId();
        rows.put(last, later, Rows.object("w"));

        assertThat(demand.drain()).isNull();
        assertThat(demand.received()).hasSize(MAX_AHEAD + 10);
        assertThat(demand.received())
                .filteredOn(row -> row.id().equals(last))
                .singleElement()
                .satisfies(row -> assertThat(row.head().writeId()).isEqualTo(later));
    }

    private static List<String> paths(Flux<ListedRow> scan) {
        return Await.all(scan.map(row -> row.id().storagePath()));
    }

    private static List<String> inOrder(List<ObjectId> ids, Predicate<String> wanted) {
        return ids.stream()
                .map(ObjectId::storagePath)
                .filter(wanted)
                .distinct()
                .sorted(BYTES)
                .toList();
    }
}
