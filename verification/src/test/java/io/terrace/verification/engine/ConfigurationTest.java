// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.ConfigurationException;
import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.InvalidMetadataException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.config.ConfigTree;
import io.terrace.spi.RowKind;
import io.terrace.tiered.TieredObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    private static final Map<String, ?> MEMORY = Map.of("url", "terrace:inmemory://test");

    @Test
    void aStoreIsMadeOfAMapAlone() {
        TieredObjectStore store = TieredObjectStore.builder()
                .configure(Map.of(
                        "high-volume",
                        MEMORY,
                        "long-term",
                        Map.of("backend", "inmemory", "options", Map.of("capacity-bytes", "1MiB")),
                        "change-log",
                        MEMORY,
                        "inline-threshold",
                        4,
                        "admission",
                        Map.of("permits", 8, "bulk-share", 0.5)))
                .build();
        roundTrip(store);
    }

    @Test
    void aTierIsChosenByUrl(@TempDir Path directory) {
        String url =
                "terrace:localfs://" + directory.resolve("a store").toString().replace(" ", "%20") + "?fsync=never";
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume(url)
                .longTerm(url)
                .changeLog("terrace:inmemory://")
                .build();
        roundTrip(store);
        assertThat(directory.resolve("a store")).isNotEmptyDirectory();
    }

    @Test
    void aRelativePathIsRelativeToTheDirectoryOfTheConfiguration(@TempDir Path directory) {
        Map<String, ?> disk = Map.of("backend", "localfs", "options", Map.of("path", "here"));
        TieredObjectStore store = TieredObjectStore.builder()
                .configure(ConfigTree.of("terrace", Map.of("high-volume", disk, "long-term", disk, "change-log", disk))
                        .relativeTo(directory))
                .build();
        roundTrip(store);
        assertThat(directory.resolve("here")).isNotEmptyDirectory();
    }

    @Test
    void aMapSetsWhatTheMethodsSet() {
        Engine engine = new Engine(builder -> builder.configure(Map.of(
                "inline-threshold",
                8,
                "usecases",
                Map.of("tests", Map.of("inline-threshold", 3, "manual", false, "default-expiration", "ttl:1h")))));
        engine.put("abc");
        assertThat(engine.head().kind()).isEqualTo(RowKind.INLINE);
        engine.put("abcd");
        assertThat(engine.head().kind()).isEqualTo(RowKind.TOMBSTONE);
        assertThat(Objects.requireNonNull(engine.finish(engine.store.head(Engine.ID)))
                        .metadata()
                        .expiration())
                .isEqualTo(ExpirationPolicy.timeToLive(Duration.ofHours(1)));
    }

    @Test
    void aLimitOfAMapIsKept() {
        Engine engine = new Engine(builder -> builder.configure(Map.of(
                "usecases", Map.of("tests", Map.of("max-time-to-live", "forbidden", "max-time-to-idle", "1d")))));
        assertThatThrownBy(() -> put(engine, "ttl:1h"))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessageContaining("it allows no time to live");
        assertThatThrownBy(() -> put(engine, "tti:2days"))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessageContaining("a time to idle of at most");
        put(engine, "tti:1day");
    }

    @Test
    void theLastOneWins() {
        Engine called = new Engine(
                builder -> builder.configure(Map.of("inline-threshold", 1)).inlineThreshold(4));
        called.put("abcd");
        assertThat(called.head().kind()).isEqualTo(RowKind.INLINE);
        Engine configured = new Engine(builder -> builder.inlineThreshold(4).configure(Map.of("inline-threshold", 1)));
        configured.put("abcd");
        assertThat(configured.head().kind()).isEqualTo(RowKind.TOMBSTONE);
    }

    @Test
    void everyProblemOfAConfigurationIsReportedAtOnceWithItsKey() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> TieredObjectStore.builder()
                        .configure(Map.of(
                                "high-volume", Map.of("backend", "localfs", "options", Map.of("pth", "x")),
                                "long-term", Map.of("url", "terrace:localfs:///x?fsync=sometimes"),
                                "change-lug", MEMORY,
                                "inline-threshold", "17MiB",
                                "admission", Map.of("permits", 0, "quue", 1),
                                "commit-deadline", List.of(1),
                                "usecases",
                                        Map.of(
                                                "media", Map.of("max-time-to-live", "soon"),
                                                "a b", Map.of(),
                                                "other", 5)))
                        .build());
        assertThat(refused.getMessage().lines())
                .containsExactlyInAnyOrder(
                        "The store cannot be built, for 12 reasons:",
                        "  terrace.change-lug: unknown key 'change-lug'; did you mean 'change-log'?",
                        "  terrace.commit-deadline: is a list, but must be a single value",
                        "  terrace.usecases.media.max-time-to-live: option 'max-time-to-live' is 'soon': expected a duration"
                                + " such as 500ms, 30s, 5m, 25h, 7d or PT30S, or 'forbidden', or 'unlimited'",
                        "  terrace.usecases.a b: use case 'a b' has a forbidden character at index 1; use only A-Z a-z 0-9"
                                + " _ . -",
                        "  terrace.usecases.other: is a single value, but must be a section of keys and values",
                        "  terrace.high-volume.options.pth: unknown option 'pth'; did you mean 'path'?",
                        "  terrace.high-volume.options: option 'path' is missing: The directory; made if it does not exist.",
                        "  terrace.long-term.url: option 'fsync' is 'sometimes': expected 'always', or 'never' for tests and"
                                + " measurements",
                        "  the change log is missing: call changeLog(...), or give 'change-log' in a configuration",
                        "  terrace.inline-threshold: option 'inline-threshold' is '17MiB': must be at most 16MiB",
                        "  terrace.admission.permits: option 'admission.permits' is '0': expected a whole number of at least"
                                + " 1",
                        "  terrace.admission.quue: unknown option 'admission.quue'; did you mean 'admission.queue'?");
    }

    @Test
    void settingsThatDoNotFitEachOtherAreReportedToo() {
        assertThatThrownBy(() -> new Engine(builder -> builder.configure(Map.of(
                        "inline-threshold",
                        8,
                        "admission",
                        Map.of("payload-budget", 7),
                        "usecases",
                        Map.of("media", Map.of("inline-threshold", 9))))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'admission.payload-budget' is 7 bytes, but must be at least")
                .hasMessageContaining(
                        "terrace.usecases.media: the policy of the use case 'media' has an inline threshold");
    }

    @Test
    void problemsOfAllTiersAreReportedAtOnceAndNothingIsOpened(@TempDir Path directory) {
        assertThatThrownBy(() -> TieredObjectStore.builder()
                        .highVolume(
                                "localfs",
                                Map.of("path", directory.resolve("made").toString()))
                        .longTerm("localfs", Map.of("pth", "x"))
                        .changeLog("terrace:localfs://oops")
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("long-term.options.pth: unknown option 'pth'")
                .hasMessageContaining("change-log.url: nothing may stand between");
        assertThat(directory).isEmptyDirectory();
    }

    private static void put(Engine engine, String expiration) {
        ObjectMetadata metadata = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.parse(expiration))
                .build();
        engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText("x")));
    }

    private static void roundTrip(TieredObjectStore store) {
        ObjectId id = ObjectId.of(ObjectContext.of("tests"), "object");
        store.put(id, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE)).block();
        assertThat(store.withObject(id, GetOptions.all(), Engine::text).block()).isEqualTo(Engine.LARGE);
        store.closeLater(Duration.ofSeconds(5)).block();
    }
}
