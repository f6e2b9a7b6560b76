// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StripesTest {

    private final Stripes stripes = new Stripes();
    private final List<String> turns = new ArrayList<>();

    @Test
    void aStripeIsHeldByOneAtATimeAndOthersAreFree() {
        assertThat(take(1, false, "a")).isTrue();
        assertThat(take(1, false, "b")).isFalse();
        assertThat(take(2, false, "c")).isTrue();
        stripes.release(1);
        assertThat(turns).containsExactly("b");
        assertThat(take(1, false, "d")).isFalse();
        stripes.release(1);
        stripes.release(1);
        assertThat(turns).containsExactly("b", "d");
        assertThat(take(1, false, "e")).isTrue();
    }

    @Test
    void whoDependsOnWhatWasReadGoesFirst() {
        take(1, false, "holder");
        take(1, false, "blind 1");
        take(1, true, "conditional 1");
        take(1, false, "blind 2");
        take(1, true, "conditional 2");
        releaseAll(5);
        assertThat(turns).containsExactly("conditional 1", "conditional 2", "blind 1", "blind 2");
    }

    @Test
    void aBlindCallIsNotOvertakenForEver() {
        take(1, true, "holder");
        take(1, false, "blind");
        for (int i = 0; i < 100; i++) {
            take(1, true, "conditional");
        }
        releaseAll(30);
        assertThat(turns).contains("blind");
    }

    private boolean take(int stripe, boolean conditional, String name) {
        return stripes.take(stripe, conditional, () -> turns.add(name));
    }

    private void releaseAll(int times) {
        for (int i = 0; i < times; i++) {
            stripes.release(1);
        }
    }
}
