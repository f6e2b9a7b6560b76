// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.Compression;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.spi.BlobId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** Values with every field set, and names that storage systems are known to mix up. */
final class Samples {

    static final ObjectContext CONTEXT = ObjectContext.of("kit", Scopes.of(new Scope("org", "17")));

    private static final List<String> KEYS = List.of(
            "a",
            "a/b",
            "a/b/c",
            "a/",
            "a//b",
            "/a",
            "/",
            "A",
            "A/B",
            "a.",
            "a ",
            " a",
            ".a",
            "...",
            "a/...",
            "a/.b",
            "a%2Fb",
            "a%2fb",
            "a%252Fb",
            "%",
            "a+b",
            "a b",
            "a\\b",
            "a:b",
            "*?\"<>|",
            "CON",
            "con",
            "nul.txt",
            "~",
            "#a?b=c&d",
            "caf\u00e9",
            "cafe\u0301",
            "\u00df",
            "ss",
            "I\u0131\u0130i",
            "\u65e5\u672c\u8a9e",
            "\ud83d\ude00",
            "\ue000",
            "\u200b",
            "a\u00a0b",
            "\u2028",
            "objects",
            "objects/objects/a",
            "_",
            "-",
            "k/01890a5d-ac96-774b-bcce-b302099a8057",
            "y".repeat(968),
            "y".repeat(969),
            "x".repeat(1023),
            "x".repeat(1024),
            "x".repeat(1023) + "/",
            "\u00fc".repeat(512),
            "\u65e5".repeat(341),
            "\ud83d\ude00".repeat(256),
            "d/".repeat(512));

    private Samples() {}

    static ObjectId object(String key) {
        return ObjectId.of(CONTEXT, key);
    }

    /** Different ids that a store may take for one another, or not take at all. */
    static List<ObjectId> objects() {
        List<ObjectId> ids = new ArrayList<>();
        KEYS.forEach(key -> ids.add(object(key)));
        ids.add(ObjectId.of(ObjectContext.of("kit"), "a"));
        ids.add(ObjectId.of(ObjectContext.of("Kit"), "a"));
        ids.add(ObjectId.of(ObjectContext.of("kit.", Scopes.of(new Scope("org", "17"))), "a"));
        ids.add(ObjectId.of(ObjectContext.of("kit", Scopes.of(new Scope("org", "17"), new Scope("org", "17"))), "a"));
        ids.add(ObjectId.of(ObjectContext.of("kit", Scopes.of(new Scope("_-()$!+'", "_-()$!+'"))), "a"));
        ids.add(longest());
        return ids;
    }

    /** Ids that one order puts next to each other, and another one does not. */
    static List<ObjectId> neighbours() {
        List<ObjectId> ids = new ArrayList<>();
        for (String usecase : List.of("kit", "kit.", "kit-", "kit0", "Kit")) {
            ids.add(ObjectId.of(ObjectContext.of(usecase), "m"));
            ids.add(ObjectId.of(ObjectContext.of(usecase, Scopes.of(new Scope("org", "1"))), "m"));
            ids.add(ObjectId.of(ObjectContext.of(usecase, Scopes.of(new Scope("n", "1"))), "m"));
        }
        for (String key : List.of(
                "a",
                "a/",
                "a/b",
                "a.b",
                "a!",
                "a-b",
                "a0",
                "aB",
                "ab",
                "A",
                "~",
                "\u00e9",
                "\u0431",
                "\u65e5",
                "\ud7a3",
                "\ue000",
                "\uff5e",
                "\uff5e\ud83d\ude00",
                "\uff5e\ue000",
                "\ud83d\ude00",
                "\ud83d\ude00a",
                "\ud83d\ude01",
                "a".repeat(300),
                "a".repeat(300) + "b",
                "\u65e5".repeat(100))) {
            ids.add(ObjectId.of(ObjectContext.of("kit"), key));
        }
        return ids;
    }

    /** Those whose blobs have names that every store can hold; some end at 1024 bytes. */
    static List<ObjectId> objectsForBlobs() {
        return objects().stream().filter(Samples::canHaveBlobsEverywhere).toList();
    }

    static boolean canHaveBlobsEverywhere(ObjectId id) {
        return new BlobId(id, new UUID(0, 0)).storagePath().getBytes(StandardCharsets.UTF_8).length <= 1024;
    }

    /** An id whose storage path is as long as one can be. */
    static ObjectId longest() {
        List<Scope> scopes = new ArrayList<>(Collections.nCopies(11, new Scope("n".repeat(128), "v".repeat(128))));
        scopes.add(new Scope("n".repeat(58), "v".repeat(127)));
        return ObjectId.of(ObjectContext.of("k", Scopes.of(scopes)), "x".repeat(1024));
    }

    /** Metadata with every field set, told apart by a tag. */
    static ObjectMetadata metadata(String tag) {
        return ObjectMetadata.builder()
                .contentType("text/plain; charset=\"utf-8\"")
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(30).plusSeconds(1)))
                .timeCreated(Instant.parse("2026-01-02T03:04:05.678901Z"))
                .timeExpires(Instant.parse("2026-02-01T03:04:06.678901Z"))
                .compression(Compression.ZSTD)
                .origin("2001:db8::1")
                .filename("r\u00e9sum\u00e9 \"final\"/\\\ud83d\ude00.txt")
                .size(123_456_789_012L)
                .custom("tag", tag)
                .custom("Mixed-CASE", "")
                .custom("\u65e5\u672c", "line\nbreak\ttab, \"quote\", \u0000, \ud83d\ude00")
                .build();
    }

    /** About as much as an object may have, which is more than some stores keep with a blob. */
    static ObjectMetadata largeMetadata() {
        return metadata("large").toBuilder().custom("long", "v".repeat(15_000)).build();
    }
}
