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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Objects by prefix: all of them as they come, or in order, a page at a time. */
final class ListObjects {

    /** The first byte of a cursor, so that its form can change. */
    private static final byte CURSOR_FORMAT = 1;

    /** The order of the bytes of the name in UTF-8, which is what stores sort by, and not that of Java's strings. */
    private static final Comparator<Named> ORDER = (a, b) -> Arrays.compareUnsigned(a.name, b.name);

    private final Tiers tiers;

    ListObjects(Tiers tiers) {
        this.tiers = tiers;
    }

    /** An object and the bytes of its storage path. */
    private static final class Named {
        private final byte[] name;
        private final ObjectInfo info;

        Named(ObjectInfo info) {
            this.name = info.id().storagePath().getBytes(StandardCharsets.UTF_8);
            this.info = info;
        }
    }

    /** The live objects whose storage path begins with the prefix, in no particular order. */
    Flux<ObjectInfo> scan(String prefix, String operation) {
        return Flux.defer(() -> Facets.require(tiers.rows(), RowListing.class, operation)
                .scan(prefix)
                .handle((listed, sink) -> {
                    ObjectInfo info = live(listed);
                    if (info != null) {
                        sink.next(info);
                    }
                }));
    }

    /**
     * The first of them after the cursor. Holds one object more than the page, however many there are: the smallest names
     * seen so far.
     */
    Mono<Page> page(String prefix, @Nullable String cursor, int limit) {
        byte[] after = cursor == null ? new byte[0] : decode(cursor, prefix);
        return scan(prefix, "list")
                .map(Named::new)
                .filter(named -> Arrays.compareUnsigned(named.name, after) > 0)
                .collect(() -> new PriorityQueue<>(ORDER.reversed()), (PriorityQueue<Named> smallest, Named named) -> {
                    smallest.add(named);
                    if (smallest.size() > limit + 1) {
                        smallest.poll();
                    }
                })
                .map(smallest -> page(smallest, limit));
    }

    private static Page page(PriorityQueue<Named> smallest, int limit) {
        List<Named> found = new ArrayList<>(smallest);
        found.sort(ORDER);
        boolean more = found.size() > limit;
        List<Named> here = more ? found.subList(0, limit) : found;
        return new Page(
                here.stream().map(named -> named.info).toList(), more ? encode(here.get(limit - 1).name) : null);
    }

    private @Nullable ObjectInfo live(ListedRow listed) {
        ObjectMetadata metadata = listed.head().metadata();
        return metadata != null && listed.head().isLiveAt(tiers.runtime().nowMicros())
                ? ReadObject.info(listed.id(), listed.head(), metadata)
                : null;
    }

    private static String encode(byte[] name) {
        byte[] bytes = ByteBuffer.allocate(1 + name.length)
                .put(CURSOR_FORMAT)
                .put(name)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A cursor names the last object of a page. One of another listing would skip objects, so it is refused. */
    private static byte[] decode(String cursor, String prefix) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            byte[] name = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
            String path = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
            if (bytes.length > 0 && bytes[0] == CURSOR_FORMAT && path.startsWith(prefix)) {
                return name;
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
