// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the page {@code docs/metrics.md}. */
final class MetricsPage {

    private static final String BEGINNING = """
            # What a store tells about itself

            Made from the names in the code; the build fails if it does not say what they say.
            [CONTRIBUTING](../CONTRIBUTING.md#tests) has the command.

            ```java
            TieredObjectStore store = TieredObjectStore.builder()
                    // ...
                    .observations(observationRegistry)
                    .build();
            new TieredObjectStoreMetrics(store).bindTo(meterRegistry);
            ```

            Observations need nothing more. Gauges need `io.micrometer:micrometer-core`, which Terrace does not bring along, and
            several stores in one registry need tags that tell them apart: `new TieredObjectStoreMetrics(store, tags)`.

            No name and no tag holds the key, the scopes or the etag of an object, or the id of an upload. The error of a failed
            operation is attached as its caller gets it, and its message may name the object: what a tracer keeps of errors is for
            you to decide. Micrometer's own handler for meters makes a tag `error` of the class of the error, and no more.

            ## Observations

            Each subscription is one observation; the timers and spans that are made of it have its name. It begins with the
            subscription and ends with the first of answer, error and cancel. The observation of a get ends when the object is open:
            its body is not part of it. That of `deleteAll`, `scan` and `inspect` lasts as long as somebody reads them, and elements
            that report a failure do not make it an error. What fails on the spot, such as a missing argument, is not observed, and
            neither are `check` and `closeLater`. `withObject` is a get, and a `batch` is the operations in it.

            The parent is the observation in the Reactor context of the subscriber, under the key `micrometer.observation`, else the
            current one of the subscribing thread. Ours is in the context of everything that the operation waits for: tiers and
            payloads. It is not in that of work behind the answer.

            """;

    private MetricsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(BEGINNING);
        for (Instrument instrument : Instrument.values()) {
            if (instrument.series().isEmpty()) {
                observation(page, instrument);
            }
        }
        page.append("| outcome | means |\n|---|---|\n");
        for (Outcome outcome : Outcome.values()) {
            row(page, code(outcome.label()), outcome.meaning());
        }
        page.append("\nThe codes are ")
                .append(list(new TreeSet<>(Outcome.codes())))
                .append(".\n\n## Gauges\n\n");
        page.append("They are read from memory, and reading them sends nothing to a tier.\n\n");
        page.append("| gauge | unit | tags | is |\n|---|---|---|---|\n");
        for (Instrument instrument : Instrument.values()) {
            if (!instrument.series().isEmpty()) {
                String unit = instrument.unit();
                row(page, code(instrument.label()), unit == null ? "" : unit, tags(instrument), instrument.meaning());
            }
        }
        tagTable(page, Instrument.values(), false);
        return page.toString();
    }

    private static void observation(StringBuilder page, Instrument instrument) {
        page.append("### `").append(instrument.label()).append("`\n\n");
        page.append(instrument.meaning()).append(" Operations: ");
        page.append(list(Arrays.stream(Operation.values())
                .filter(operation -> operation.instrument() == instrument)
                .map(Operation::label)
                .toList()));
        page.append(".\n");
        tagTable(page, new Instrument[] {instrument}, true);
        page.append('\n');
    }

    private static void tagTable(StringBuilder page, Instrument[] instruments, boolean observations) {
        Set<TagKey> keys = new LinkedHashSet<>();
        for (Instrument instrument : instruments) {
            if (instrument.series().isEmpty() == observations) {
                keys.addAll(instrument.tags());
            }
        }
        page.append("\n| tag | says |\n|---|---|\n");
        keys.forEach(key -> row(page, code(key.key()), key.meaning()));
    }

    /** With the values of each, in the order in which they are given. */
    private static String tags(Instrument instrument) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < instrument.tags().size(); i++) {
            int at = i;
            Set<String> values = instrument.series().stream()
                    .map(series -> series.values().get(at))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            text.append(i == 0 ? "" : "; ")
                    .append(code(instrument.tags().get(i).key()))
                    .append(": ")
                    .append(String.join(", ", values));
        }
        return text.toString();
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
    }

    private static String list(Iterable<String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(text.isEmpty() ? "" : ", ").append(code(word)));
        return text.toString();
    }

    private static String code(String word) {
        return '`' + word + '`';
    }
}
