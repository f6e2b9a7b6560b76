// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.MultiRowReads.FoundRow;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import io.terrace.testkit.RowState.Installed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;

/** HV-9: reading many rows in one request, where a store can. */
abstract class MultiRowReadRules {

    private static final int ROWS = 20;

    private final HighVolumeConformanceTest kit;
    private final Rows rows;

    MultiRowReadRules(HighVolumeConformanceTest kit) {
        this.kit = kit;
        this.rows = kit.rows();
    }

    @Rule(value = "HV-9.1", requirement = Requirement.CAPABILITY)
    void eachRowThatIsThereComesOnceAsAReadWouldAnswerIt() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        List<Installed> all = RowState.installEach(rows, RowState.present());
        List<ObjectId> ids = all.stream().map(Installed::id).toList();

        for (RowProjection projection : RowProjection.values()) {
            Map<ObjectId, Row> alone = new LinkedHashMap<>();
            ids.forEach(
                    id -> Await.optional(rows.backend().read(id, projection)).ifPresent(row -> alone.put(id, row)));
            List<FoundRow> found = Await.all(reads.readAll(ids, projection));

            assertThat(found).extracting(FoundRow::id).containsExactlyInAnyOrderElementsOf(alone.keySet());
            assertThat(found).allSatisfy(one -> {
                Row expected = Objects.requireNonNull(alone.get(one.id()));
                assertThat(one.row().head()).isEqualTo(expected.head());
                assertThat(one.row().payload() == null).isEqualTo(expected.payload() == null);
                assertThat(Rows.text(one.row())).isEqualTo(Rows.text(expected));
            });
        }
    }

    @Rule(value = "HV-9.2", requirement = Requirement.CAPABILITY)
    void absentRowsAreLeftOutAndNoIdsHaveNoRows() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        ObjectId absent = rows.fresh();
        ObjectId present = rows.fresh();
        rows.put(present, Rows.writeId(), Rows.object("v"));

        for (RowProjection projection : RowProjection.values()) {
            assertThat(ids(reads.readAll(List.of(absent, present, rows.fresh()), projection)))
                    .containsExactly(present);
            assertThat(ids(reads.readAll(List.of(absent), projection))).isEmpty();
            assertThat(ids(reads.readAll(List.of(), projection))).isEmpty();
        }
    }

    @Rule(value = "HV-9.3", requirement = Requirement.CAPABILITY)
    void everyObjectIdIsFoundAsItself() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        List<ObjectId> all = Samples.objects();
        all.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("v")));
        List<ObjectId> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += reads.maxRows()) {
            List<ObjectId> some = all.subList(from, Math.min(all.size(), from + reads.maxRows()));
            found.addAll(ids(reads.readAll(some, RowProjection.HEAD)));
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(all);
    }

    @Rule(value = "HV-9.4", requirement = Requirement.CAPABILITY)
    void anIdThatIsNamedTwiceIsAnsweredOnce() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        ObjectId id = rows.fresh();
        rows.put(id, Rows.writeId(), Rows.object("v"));

        assertThat(ids(reads.readAll(List.of(id, id), RowProjection.HEAD))).containsExactly(id);
    }

    @Rule(value = "HV-9.5", requirement = Requirement.CAPABILITY)
    void asManyAsItSaysAreReadAndMoreAreRefused() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        int most = reads.maxRows();
        List<ObjectId> ids = new ArrayList<>();
        ids.add(rows.fresh());
        rows.put(ids.get(0), Rows.writeId(), Rows.object("v"));
        while (ids.size() < Math.min(most, 10_000)) {
            ids.add(rows.fresh());
        }

        assertThat(most).isGreaterThanOrEqualTo(2);
        assertThat(ids(reads.readAll(ids, RowProjection.HEAD))).containsExactly(ids.get(0));
        if (ids.size() == most) {
            ids.add(rows.fresh());
            assertThat(Await.error(Flux.defer(() -> reads.readAll(ids, RowProjection.HEAD))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Rule(value = "HV-9.6", requirement = Requirement.CAPABILITY)
    void rowsAreReadByDemandAndNoneComesAfterACancel() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < Math.min(ROWS, reads.maxRows()); i++) {
            ids.add(rows.fresh());
            rows.put(ids.get(i), Rows.writeId(), Rows.object("v"));
        }
        Demand<FoundRow> demand = Demand.on(reads.readAll(ids, RowProjection.FULL));

        demand.expect(1).expect(1);
        if (ids.size() == ROWS) {
            demand.expect(2);
        }
        int before = demand.received().size();
        demand.cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(before));
    }

    @Rule(value = "HV-9.7", requirement = Requirement.CAPABILITY)
    void noRowMixesTwoWrites() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        ObjectId first = rows.fresh();
        ObjectId second = rows.fresh();

        Beside.of(2, i -> RowReadRules.putTagged(rows, i % 2 == 0 ? first : second, i), () -> {
            for (RowProjection projection : RowProjection.values()) {
                Await.all(reads.readAll(List.of(first, second), projection))
                        .forEach(found -> RowReadRules.assertOneWrite(found.row()));
            }
        });
    }

    @Rule(value = "HV-9.8", requirement = Requirement.CAPABILITY)
    void aReadThatBeginsAfterAWriteWasAnsweredSeesIt() {
        MultiRowReads reads = kit.facet(MultiRowReads.class);
        ObjectId id = rows.fresh();
        ObjectId absent = rows.fresh();

        for (int i = 0; i < ROWS; i++) {
            String text = "v" + i;
            rows.put(id, Rows.writeId(), Rows.object(text));
            assertThat(Await.all(reads.readAll(List.of(absent, id), RowProjection.FULL)))
                    .singleElement()
                    .satisfies(found -> assertThat(Rows.text(found.row())).isEqualTo(text));
        }
    }

    private static List<ObjectId> ids(Flux<FoundRow> found) {
        return Await.all(found.map(FoundRow::id));
    }
}
