// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededTest {
    @Test
    void aFailingCaseNamesItsSeed() {
        assertThatThrownBy(() ->
                        Seeded.cases(10, random -> assertThat(random.nextInt(4)).isLessThan(3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)seed \\d+ \\(-Dterrace\\.seed=\\d+\\): .*");
    }

    @Test
    void theSameCasesComeEachTime() {
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        Seeded.cases(20, random -> first.add(random.nextInt()));
        Seeded.cases(20, random -> second.add(random.nextInt()));
        assertThat(second).isEqualTo(first).doesNotHaveDuplicates();
    }
}
