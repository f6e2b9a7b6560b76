// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Metadata to write and read back. */
public final class MetadataSamples {
    private static final String[] TEXTS = {
        "",
        " ",
        "plain",
        "\"quoted\"",
        "back\\slash",
        "new\nline",
        "\u0000",
        "\u007F",
        "é",
        "漢字",
        "\uD83D\uDE00",
        "\u2028",
        "{\"a\":1}",
        "null",
        "x-sn-origin",
        "\uFFFF",
        "\uFEFF"
    };

    private MetadataSamples() {}

    /** Every field set. */
    public static ObjectMetadata full() {
        return ObjectMetadata.builder()
                .contentType("image/png")
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(31)))
                .timeCreated(Instant.parse("2023-11-14T22:13:20.000001Z"))
                .timeExpires(Instant.parse("2023-12-15T22:13:20.000001Z"))
                .compression(Compression.ZSTD)
                .origin("203.0.113.7")
                .filename("holiday.png")
                .size(42)
                .custom("trace-id", "abc123")
                .custom("a", "")
                .build();
    }

    /** Any metadata that can be stored. */
    public static ObjectMetadata any(Random random) {
        ObjectMetadata.Builder builder = ObjectMetadata.builder();
        if (random.nextBoolean()) {
            builder.contentType("text/plain; charset=\"a\\\"b\"");
        }
        switch (random.nextInt(3)) {
            case 0 -> builder.expiration(ExpirationPolicy.timeToLive(HumantimeTest.anyDuration(random)));
            case 1 -> builder.expiration(ExpirationPolicy.timeToIdle(HumantimeTest.anyDuration(random)));
            default -> {}
        }
        builder.timeCreated(random.nextBoolean() ? null : time(random))
                .timeExpires(random.nextBoolean() ? null : time(random))
                .compression(random.nextBoolean() ? null : Compression.ZSTD)
                .origin(random.nextBoolean() ? null : text(random))
                .filename(random.nextBoolean() ? null : text(random))
                .size(random.nextBoolean() ? -1 : random.nextLong() >>> (1 + random.nextInt(63)));
        for (int n = random.nextInt(4); n > 0; n--) {
            builder.custom("k" + text(random), text(random));
        }
        return builder.build();
    }

    private static Instant time(Random random) {
        return Instant.ofEpochSecond(Math.floorMod(random.nextLong(), 253_402_300_800L), random.nextInt(1_000_000_000));
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)];
    }
}
