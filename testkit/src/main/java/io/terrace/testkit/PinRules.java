// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.Pins;
import java.util.List;

/** CL-10: pins. */
abstract class PinRules {

    private final Log log;

    PinRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-10.1")
    void aPinIsThereOnceItIsAnsweredAndGoneOnceItIsRemoved() {
        assertThat(Await.value(pins().any())).isFalse();
        assertThat(names()).isEmpty();
        pin("one");
        assertThat(Await.value(pins().any())).isTrue();
        assertThat(names()).containsExactly("one");
        unpin("one");

        assertThat(Await.value(pins().any())).isFalse();
        assertThat(names()).isEmpty();
    }

    @Rule("CL-10.2")
    void pinningTwiceIsPinningOnce() {
        pin("one");
        pin("one");
        assertThat(names()).containsExactly("one");
        unpin("one");

        assertThat(Await.value(pins().any())).isFalse();
    }

    @Rule("CL-10.3")
    void removingAPinThatIsNotThereIsSuccess() {
        unpin("none");
        pin("one");
        unpin("none");
        unpin("one");
        unpin("one");

        assertThat(names()).isEmpty();
    }

    @Rule("CL-10.4")
    void somethingIsPinnedUntilTheLastPinIsGone() {
        List<String> all = List.of("one", "two", "Two", "a/b", "../c", "\u65e5\u672c \ud83d\ude00", "x".repeat(100));
        all.forEach(this::pin);
        assertThat(names()).containsExactlyInAnyOrderElementsOf(all);
        for (String name : all) {
            assertThat(Await.value(pins().any())).isTrue();
            unpin(name);
            assertThat(names()).doesNotContain(name);
        }

        assertThat(Await.value(pins().any())).isFalse();
    }

    @Rule(value = "CL-10.5", requirement = Requirement.STOCHASTIC)
    void aPinThatWasAnsweredIsSeenByEverybodyWhateverHappensBesideIt() {
        pin("kept");
        Beside.of(
                3,
                i -> {
                    pin("pin-" + i);
                    assertThat(names()).contains("pin-" + i);
                    unpin("pin-" + i);
                    assertThat(names()).doesNotContain("pin-" + i);
                },
                () -> {
                    assertThat(Await.value(pins().any())).isTrue();
                    assertThat(names()).contains("kept");
                });

        assertThat(names()).containsExactly("kept");
    }

    @Rule("CL-10.6")
    void pinsAreListedByDemand() {
        for (int i = 0; i < 10; i++) {
            pin("pin-" + i);
        }
        Demand<String> demand = Demand.on(pins().list());

        demand.expect(1).expect(2).cancel();
        Await.remains(() -> assertThat(demand.received()).hasSize(3));
    }

    private Pins pins() {
        return log.backend().pins();
    }

    private List<String> names() {
        return Await.all(pins().list());
    }

    private void pin(String name) {
        Await.done(pins().pin(name));
    }

    private void unpin(String name) {
        Await.done(pins().unpin(name));
    }
}
