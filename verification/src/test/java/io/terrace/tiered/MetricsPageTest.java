// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        String made = MetricsPage.text();
        if (Boolean.getBoolean("terrace.metrics.write")) {
            Files.writeString(PAGE, made);
        }
        assertThat(PAGE)
                .as("names or tags have changed; write the page anew with -Dterrace.metrics.write=true")
                .hasContent(made);
    }

    @Test
    void thePageNamesEverythingThatThereIs() {
        String page = MetricsPage.text();
        for (Instrument instrument : Instrument.values()) {
            assertThat(page).contains('`' + instrument.label() + '`', instrument.meaning());
            instrument.tags().forEach(tag -> assertThat(page).contains(tag.meaning()));
        }
        for (Operation operation : Operation.values()) {
            assertThat(page).contains('`' + operation.label() + '`');
        }
        for (Outcome outcome : Outcome.values()) {
            assertThat(page).contains('`' + outcome.label() + '`');
        }
    }

    @Test
    void everyGaugeIsRegisteredWithTheTagsThatThePageSays() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume(InMemoryRows.create(TerraceRuntime.system()))
                .longTerm(InMemoryBlobs.create())
                .changeLog(InMemoryChangeLog.create())
                .recoverOnOpen(false)
                .build();
        new TieredObjectStoreMetrics(store).bindTo(meters);
        Set<String> names = new HashSet<>();
        for (Meter meter : meters.getMeters()) {
            Instrument instrument = Arrays.stream(Instrument.values())
                    .filter(each -> each.label().equals(meter.getId().getName()))
                    .findFirst()
                    .orElseThrow();
            List<String> keys = instrument.tags().stream().map(TagKey::key).toList();
            assertThat(meter.getId().getTags().stream().map(Tag::getKey)).containsExactlyInAnyOrderElementsOf(keys);
            names.add(instrument.label());
        }
        assertThat(names).hasSize((int) Arrays.stream(Instrument.values())
                .filter(each -> !each.series().isEmpty())
                .count());
        assertThat(meters.getMeters())
                .hasSize(Arrays.stream(Instrument.values())
                        .mapToInt(each -> each.series().size())
                        .sum());
    }
}
