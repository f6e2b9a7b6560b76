// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ExpirationPolicy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.Page;
import io.terrace.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of a listing: complete, in order, and undisturbed by what is written meanwhile. */
class ListingTest {

    private static final ObjectContext CONTEXT = ObjectContext.of("listed");

    private final Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 100})
    void thePagesTogetherAreAllObjectsInTheOrderOfTheirBytes(int limit) {
        // In Java's order of strings the last but one, which takes four bytes, would come before the one before it.
        List<String> keys = List.of("A", "a", "a/b", "ab", "\u00e9", "\uff5e", "\ud83d\ude00");
        for (String key : List.of("\ud83d\ude00", "ab", "\uff5e", "a", "\u00e9", "A", "a/b")) {
            put(key);
        }
        assertThat(keys)
                .isSortedAccordingTo((x, y) ->
                        Arrays.compareUnsigned(x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8)));
        List<Integer> sizes = new ArrayList<>();
        assertThat(walk("", limit, page -> sizes.add(page.objects().size()))).isEqualTo(keys);
        assertThat(sizes).hasSize((keys.size() + limit - 1) / limit).allMatch(size -> size > 0 && size <= limit);
    }

    @Test
    void aPrefixSelectsWithinTheContextOnly() {
        List.of("a", "ab", "b", "a/b").forEach(this::put);
        engine.finish(engine.store.put(
                ObjectId.of(ObjectContext.of("listed2"), "a"), ObjectMetadata.defaults(), Payload.ofText("x")));
        assertThat(walk("a", 2, page -> {})).containsExactly("a", "a/b", "ab");
        assertThat(walk("a/", 2, page -> {})).containsExactly("a/b");
        assertThat(list("nothing", null, 5)).isEqualTo(new Page(List.of(), null));
    }

    @Test
    void whatWasDeletedOrHasExpiredIsNotListedAndWhatIsListedIsWhatAHeadSays() {
        put("gone");
        put("here");
        engine.finish(engine.store.delete(ObjectId.of(CONTEXT, "gone")));
        ObjectMetadata brief = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofHours(1)))
                .build();
        engine.finish(engine.store.put(ObjectId.of(CONTEXT, "brief"), brief, Payload.ofText(Engine.LARGE)));
        engine.runtime.advance(Duration.ofHours(2));
        ObjectInfo here = Objects.requireNonNull(engine.finish(engine.store.head(ObjectId.of(CONTEXT, "here"))));
        assertThat(list("", null, 5)).isEqualTo(new Page(List.of(here), null));
    }

    @Test
    void whatIsWrittenMeanwhileMovesNothingThatStays() {
        for (int i = 100; i < 130; i++) {
            put("k" + i);
        }
        List<String> listed = walk("k", 4, page -> {
            String last = page.objects().get(page.objects().size() - 1).id().key();
            // Before, at and after the cursor; and the object that the cursor names goes.
            put("k0" + last);
            put(last + "x");
            engine.finish(engine.store.delete(ObjectId.of(CONTEXT, last)));
        });
        List<String> stayed =
                listed.stream().filter(key -> key.matches("k1\\d\\d")).toList();
        assertThat(stayed).hasSize(30).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aLimitOutOfBoundsAndACursorOfAnotherListingAreRefused() {
        List.of("a", "ab", "b").forEach(this::put);
        for (int limit : new int[] {-1, 0, ObjectStore.MAX_PAGE + 1}) {
            assertThatThrownBy(() -> list("", null, limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit is " + limit);
        }
        String cursor = list("", null, 1).next().orElseThrow();
        String unknownFormat = Base64.getUrlEncoder().encodeToString(new byte[] {9, 'a'});
        for (String wrong : List.of(cursor, "not a cursor!", "", unknownFormat)) {
            assertThatThrownBy(() -> list("b", wrong, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not one of this listing");
        }
    }

    @Test
    void aPrefixWithHalfACharacterIsRefusedBeforeAnythingIsRead() {
        put("a/\ud83d\ude00");
        engine.traffic.reset();
        // Not as parameters: a report that names them could not be written.
        for (String prefix : List.of("a/\ud83d", "a/\ude00", "a/\ud83dx", "a/\ude00\ud83d")) {
            assertThatThrownBy(() -> list(prefix, null, 5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("The key prefix", "unpaired surrogate", "at index 2", "repair the text");
            assertThatThrownBy(() -> engine.finish(engine.store.scan(prefix).collectList()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("The prefix", "unpaired surrogate", "at index 2", "repair the text");
        }
        assertThat(engine.traffic.calls()).isEmpty();
        assertThat(walk("a/\ud83d\ude00", 5, page -> {})).containsExactly("a/\ud83d\ude00");
    }

    private List<String> walk(String prefix, int limit, Consumer<Page> between) {
        List<String> keys = new ArrayList<>();
        String cursor = null;
        do {
            Page page = list(prefix, cursor, limit);
            page.objects().forEach(info -> keys.add(info.id().key()));
            cursor = page.next().orElse(null);
            between.accept(page);
        } while (cursor != null);
        return keys;
    }

    private Page list(String prefix, @Nullable String cursor, int limit) {
        return Objects.requireNonNull(engine.finish(engine.store.list(CONTEXT, prefix, cursor, limit)));
    }

    private void put(String key) {
        engine.finish(engine.store.put(ObjectId.of(CONTEXT, key), ObjectMetadata.defaults(), Payload.ofText("x")));
    }
}
