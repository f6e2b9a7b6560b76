// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FirstNamesTest {

    @Test
    void theFirstNamesThatFitAreKeptInWhateverOrderTheyCome() {
        List<String> names = names(1000);
        for (int seed = 0; seed < 20; seed++) {
            FirstNames<String> first = offered(names, "name-0100", 5_000, seed);
            List<String> kept = List.copyOf(first.values());
            assertThat(kept).hasSizeBetween(20, 50).isEqualTo(names.subList(101, 101 + kept.size()));
            assertThat(first.last()).isEqualTo(kept.get(kept.size() - 1));
        }
    }

    @Test
    void noNameBetweenIsMissedWhenALongOneHadToGo() {
        // The long one drives out what is behind it and then goes itself. What would fit then must not come in.
        String huge = "b".repeat(400);
        for (int seed = 0; seed < 50; seed++) {
            FirstNames<String> first = offered(List.of("a", huge, "c", "d", "e", "f", "g", "h", "i"), "", 1_100, seed);
            assertThat(first.values()).containsExactly("a", huge);
            assertThat(first.last()).isEqualTo(huge);
            FirstNames<String> small = offered(List.of("a", huge, "c", "d"), "", 500, seed);
            assertThat(small.values()).containsExactly("a");
        }
    }

    @Test
    void whenAllFitNothingIsLeft() {
        FirstNames<String> first = offered(names(10), "", 5_000, 1);
        assertThat(first.values()).hasSize(10);
        assertThat(first.last()).isNull();
    }

    @Test
    void aNameThatIsTooLongIsKeptAlone() {
        FirstNames<String> first = offered(List.of("long".repeat(1000), "z"), "", 100, 1);
        assertThat(first.values()).containsExactly("long".repeat(1000));
    }

    @Test
    void whatCannotBeAmongThemIsToldByItsBeginning() {
        FirstNames<String> first = offered(names(1000), "name-0100", 5_000, 1);
        assertThat(List.of("", "name-", "name-01", "name-0100", "name-0101")).allMatch(first::mayBeginWith);
        assertThat(List.of("name-00", "name-0099", "a", "name-09", "z")).noneMatch(first::mayBeginWith);
    }

    private static FirstNames<String> offered(List<String> names, String after, int room, int seed) {
        FirstNames<String> first = new FirstNames<>(after, room);
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(seed));
        shuffled.forEach(name -> first.offer(name, name));
        return first;
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(String.format("name-%04d", i));
        }
        return names;
    }
}
