// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.Row;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed in the middle of its work. */
class KilledProcessTest {

    @TempDir
    Path root;

    @TempDir
    Path temporary;

    @RepeatedTest(2)
    void whatWasAcknowledgedSurvivesAndNothingIsTorn(RepetitionInfo repetition) throws Exception {
        List<String> said = new ArrayList<>();
        try (ChildProcess writer = ChildProcess.start("write", temporary, root)) {
            while (said.size() < 200 * repetition.getCurrentRepetition()) {
                said.add(writer.nextLine());
            }
            said.addAll(writer.kill());
        }
        RocksDbRows rows = RocksDbRows.builder(root, RUNTIME).build();
        for (int number : numbers("row", said)) {
            Row row = await(rows.read(id("row" + number), RowProjection.FULL));
            assertThat(Samples.bytes(row.payload())).isEqualTo(Children.row(number));
        }
        for (int number : numbers("deleted", said)) {
            assertThat(await(rows.read(id("row" + number), RowProjection.FULL)).kind())
                    .isEqualTo(RowKind.MARKER);
        }
        // Those that were under way are there or not, but whole.
        for (ListedRow listed : await(rows.scan("", ""))) {
            Row row = await(rows.read(listed.id(), RowProjection.FULL));
            if (row.kind() == RowKind.INLINE) {
                int number = Integer.parseInt(listed.id().key().substring("row".length()));
                assertThat(Samples.bytes(row.payload())).isEqualTo(Children.row(number));
            }
        }
        await(rows.closeLater());
    }

    private static List<Integer> numbers(String verb, List<String> said) {
        List<Integer> numbers = said.stream()
                .filter(line -> line.startsWith(verb + " ") && line.endsWith("."))
                .map(line -> Integer.valueOf(line.substring(verb.length() + 1, line.length() - 1)))
                .toList();
        assertThat(numbers).isNotEmpty();
        return numbers;
    }
}
