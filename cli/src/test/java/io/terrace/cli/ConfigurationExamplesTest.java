// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.TieredObjectStoreBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every YAML file in the documents describes a store that opens, below another directory. Of one that needs a service, only what
 * is written is checked: there is none to open.
 */
class ConfigurationExamplesTest {

    private static final Pattern SERVICE = Pattern.compile("terrace:(bigtable|s3|gcs):");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    @ParameterizedTest
    @CsvSource({"README.md, 1", "docs/configuration.md, 1"})
    void everyExampleOpens(String page, int atLeast, @TempDir Path directory) throws IOException {
        List<String> examples = YAML.matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(atLeast);
        for (int i = 0; i < examples.size(); i++) {
            Path root = Files.createDirectory(directory.resolve("store" + i));
            String text = examples.get(i).replaceAll("/(ssd|disk)/", root + "/$1/");
            Path file = Files.writeString(root.resolve("store.yaml"), text);
            TieredObjectStoreBuilder builder =
                    TieredObjectStore.builder().configure(StoreFile.read(file, Map.<String, String>of()::get));
            if (!SERVICE.matcher(text).find()) {
                builder.build().closeLater(Duration.ofSeconds(10)).block();
            }
        }
    }
}
