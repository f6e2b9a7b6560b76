// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Page;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Objects by prefix: all of them as they come, or in order, a page at a time. */
final class ListObjects {

    /** The first byte of a cursor, so that its form can change. */
    private static final byte CURSOR_FORMAT = 1;

    private final Tiers tiers;

    ListObjects(Tiers tiers) {
        this.tiers = tiers;
    }

    /**
     * Refuses a text that has no form in UTF-8: the order of a listing is that of bytes.
     *
     * @param what a noun such as "The prefix"
     * @throws IllegalArgumentException if it has an unpaired surrogate; says where
     */
    static void checkPrefix(String what, String text) {
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException(String.format(
                        "%s has an unpaired surrogate, \\u%04x, at index %d and therefore no UTF-8 form; repair the text.",
                        what, c, i));
            }
        }
    }

    /** The live objects whose storage path begins with the prefix and comes after the given one, in the order of a scan. */
    Flux<ObjectInfo> scan(String prefix, String after, String operation) {
        return Flux.defer(() -> Facets.require(tiers.rows(), RowListing.class, operation)
                .scan(prefix, after)
                .handle((listed, sink) -> {
                    ObjectInfo info = live(listed);
                    if (info != null) {
                        sink.next(info);
                    }
                }));
    }

    /** The first of them after the cursor. Asks for one more than the page takes: whether there is another page. */
    Mono<Page> page(String prefix, @Nullable String cursor, int limit) {
        return scan(prefix, cursor == null ? "" : decode(cursor, prefix), "list")
                .take(limit + 1L)
                .collectList()
                .map(found -> page(found, limit));
    }

    private static Page page(List<ObjectInfo> found, int limit) {
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(
                        found.subList(0, limit),
                        encode(found.get(limit - 1).id().storagePath()));
    }

    private @Nullable ObjectInfo live(ListedRow listed) {
        ObjectMetadata metadata = listed.head().metadata();
        return metadata != null && listed.head().isLiveAt(tiers.runtime().nowMicros())
                ? ReadObject.info(listed.id(), listed.head(), metadata)
                : null;
    }

    private static String encode(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ByteBuffer.allocate(1 + name.length)
                .put(CURSOR_FORMAT)
                .put(name)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A cursor names the last object of a page. One of another listing would skip objects, so it is refused. */
    private static String decode(String cursor, String prefix) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            boolean known = bytes.hasRemaining() && bytes.get() == CURSOR_FORMAT;
            String path = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (known && path.startsWith(prefix)) {
                return path;
            }
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw foreign(malformed);
        }
        throw foreign(null);
    }

    private static IllegalArgumentException foreign(@Nullable Exception cause) {
        return new IllegalArgumentException(
                "The cursor is not one of this listing. Pass the one that came with its last page, and the same context and "
                        + "prefix; or none, to begin.",
                cause);
    }
}
