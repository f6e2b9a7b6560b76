// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.inmemory.InMemoryRows;
import io.terrace.kv.Bucket;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.KeyValueStore;
import io.terrace.kv.WatchEvent;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The page about key-value buckets: its snippet runs, and the tests that it names are there. */
class KeyValuePageTest {
    private static final Path PAGE = Path.of("../docs/key-value.md");
    private static final Path TESTS = Path.of("src/test/java/io/terrace/verification");
    private static final Pattern SNIPPET = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void theSnippetRuns() {
        HighVolumeBackend rows = InMemoryRows.create(TerraceRuntime.system());
        ByteBuffer address = StandardCharsets.UTF_8.encode("10.0.0.7:8443");

        KeyValueStore store =
                KeyValueStore.builder(rows, TerraceRuntime.system()).build();
        Mono<Bucket> workers = store.getOrCreateBucket("workers", BucketOptions.ttl(Duration.ofSeconds(10)));

        Mono<Void> join =
                workers.flatMap(bucket -> bucket.create("worker-7", address)).then();
        Flux<WatchEvent> changes = workers.flatMapMany(Bucket::watch);
        Mono<Void> leave = store.closeLater();

        join.block();
        assertThat(changes.blockFirst())
                .isInstanceOfSatisfying(WatchEvent.Resync.class, resync -> assertThat(resync.entries())
                        .hasSize(1));
        leave.block();
        rows.closeLater().block();
    }

    @Test
    void theSnippetIsTheOneOfThePage() throws IOException {
        String source = normal(Files.readString(TESTS.resolve("docs/KeyValuePageTest.java")));
        List<String> snippets = SNIPPET.matcher(Files.readString(PAGE))
                .results()
                .map(found -> normal(found.group(1)))
                .toList();
        assertThat(snippets).hasSize(1).allSatisfy(snippet -> assertThat(source).contains(snippet));
    }

    @Test
    void everyTestThatThePageNamesIsThere() throws IOException {
        List<MatchResult> named = TEST.matcher(Files.readString(PAGE)).results().toList();
        assertThat(named).hasSizeGreaterThan(20);
        for (MatchResult test : named) {
            assertThat(Files.readString(TESTS.resolve("kv/" + test.group(1) + ".java")))
                    .as(test.group(1))
                    .contains("void " + test.group(2) + "(");
        }
    }

    private static String normal(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
