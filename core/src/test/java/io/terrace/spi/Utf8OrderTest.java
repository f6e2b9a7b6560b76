// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8OrderTest {

    private static final int[] EDGES = {
        0, '/', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xff5e, 0xffff, 0x10000, 0x10ffff
    };

    @Test
    void textsAreComparedAsTheirBytesAre() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String a = text(random);
            String b = random.nextInt(4) == 0 ? a + text(random) : text(random);
            int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(RowListing.ORDER.compare(a, b)))
                    .as("'%s' and '%s'", a, b)
                    .isEqualTo(Integer.signum(bytes));
        }
    }

    @Test
    void javasOrderIsAnotherOne() {
        String below = "\uff5e";
        String above = "\ud83d\ude00";
        assertThat(above.compareTo(below)).isNegative();
        assertThat(RowListing.ORDER.compare(above, below)).isPositive();
    }

    @Test
    void aLoneSurrogateHasAPlaceToo() {
        assertThat(List.of("\ud83d", "a", "\ud83da", "\uffff", "\ud83d\ude00").stream()
                        .sorted(RowListing.ORDER))
                .containsExactly("a", "\uffff", "\ud83d", "\ud83da", "\ud83d\ude00");
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.appendCodePoint(EDGES[random.nextInt(EDGES.length)]);
        }
        return text.toString();
    }
}
