// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows in a whole store, beside tiers that somebody else wrote. */
class JournalStoreTest {

    private static final ObjectId SMALL = ObjectId.parse("tests/_/small");
    private static final ObjectId LARGE = ObjectId.parse("tests/_/large");

    @Test
    void objectsOfEverySizeSurviveAReopening(@TempDir Path directory) {
        String text = "x".repeat(2 << 20);
        TieredObjectStore store = open(directory);
        put(store, SMALL, "hello");
        put(store, LARGE, text);
        close(store);

        store = open(directory);
        assertThat(get(store, SMALL)).isEqualTo("hello");
        assertThat(get(store, LARGE)).isEqualTo(text);
        store.delete(LARGE).block();
        assertThat(get(store, LARGE)).isNull();
        close(store);

        // A close waits for the deletion of the blob, which goes on behind the answer.
        store = open(directory);
        assertThat(store.inspect(InspectionDepth.CONTENT).collectList().block()).isEmpty();
        close(store);
    }

    private static TieredObjectStore open(Path directory) {
        Map<String, String> disk = Map.of("path", directory.resolve("disk").toString());
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("journal", Map.of("path", directory.resolve("rows").toString()))
                .longTerm("localfs", disk)
                .changeLog("localfs", disk)
                .build();
        return store;
    }

    private static void put(TieredObjectStore store, ObjectId id, String text) {
        store.put(id, ObjectMetadata.of("text/plain"), Payload.ofText(text)).block();
    }

    private static @Nullable String get(TieredObjectStore store, ObjectId id) {
        return store.withObject(id, GetOptions.all(), object -> object.body()
                        .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                        .collect(Collectors.joining()))
                .block();
    }

    private static void close(TieredObjectStore store) {
        store.closeLater(Duration.ofSeconds(10)).block();
    }
}
