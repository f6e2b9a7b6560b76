// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Scopes;
import io.terrace.spi.RowListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the names that come next, among more directories than it may remember. */
class RowNamesTest {

    private static final int TWO_NAMES = 250;
    private static final int PLENTY = 1 << 20;

    @TempDir
    Path rows;

    @Test
    void moreDirectoriesThanFitAreVisitedAFewAtATime() throws IOException {
        List<String> all = new ArrayList<>();
        for (int usecase = 0; usecase < 7; usecase++) {
            for (int scope = 0; scope < 9; scope++) {
                Scopes scopes = Scopes.none().and("s", "" + scope);
                // Two of them are hashed.
                all.add(make(
                        usecase,
                        scope % 4 == 1 ? scopes.and("long", "x".repeat(128)).and("y".repeat(99), "z") : scopes));
            }
        }
        all.sort(RowListing.ORDER);
        assertThat(find("", "", PLENTY, TWO_NAMES)).isEqualTo(all);
        assertThat(find("", all.get(20), PLENTY, TWO_NAMES)).isEqualTo(all.subList(21, all.size()));
        assertThat(find("u3/", "", PLENTY, TWO_NAMES))
                .isEqualTo(all.stream().filter(path -> path.startsWith("u3/")).toList());
    }

    @Test
    void theFirstOnesAreFoundWhateverTheRoomForDirectories() throws IOException {
        List<String> all = new ArrayList<>();
        for (int scope = 0; scope < 50; scope++) {
            all.add(make(1, Scopes.none().and("s", "" + scope)));
        }
        all.sort(RowListing.ORDER);
        for (int directoryRoom : new int[] {1, TWO_NAMES, PLENTY}) {
            List<String> found = find("", all.get(10), 500, directoryRoom);
            assertThat(found).isNotEmpty().isEqualTo(all.subList(11, 11 + found.size()));
        }
    }

    @Test
    void whatIsNotOfAStoreIsPassedOver() throws IOException {
        String ours = make(1, Scopes.none());
        Files.writeString(rows.resolve("README"), "mine");
        Files.createDirectories(rows.resolve("Photos").resolve("objects").resolve("00"));
        Files.writeString(rows.resolve("u1").resolve("notes"), "mine");
        Files.writeString(rows.resolve("u1").resolve("objects").resolve("list.txt"), "mine");
        assertThat(find("", "", PLENTY, PLENTY)).containsExactly(ours);
    }

    private String make(int usecase, Scopes scopes) throws IOException {
        ObjectId id = ObjectId.of(ObjectContext.of("u" + usecase, scopes), "key");
        Path file = StorePaths.row(rows, id);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        return id.storagePath();
    }

    private List<String> find(String prefix, String after, int room, int directoryRoom) throws IOException {
        FirstNames<String> first = new FirstNames<>(after, room);
        RowNames names = new RowNames(rows, prefix, first, directoryRoom);
        while (names.step()) {
            // Until all is seen.
        }
        return List.copyOf(first.values());
    }
}
