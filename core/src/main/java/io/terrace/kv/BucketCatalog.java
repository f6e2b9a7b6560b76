// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.terrace.ConfigurationException;
import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.RowVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which buckets there are, and their options: one row each, whose value is a JSON object with {@code ttl_millis}, or without
 * it for a permanent bucket. A bucket is never removed, and its options never change.
 */
final class BucketCatalog {
    private static final String TTL = "ttl_millis";
    private static final JsonMapper JSON = new JsonMapper();

    private final BucketRows rows;

    BucketCatalog(BucketRows rows) {
        this.rows = rows;
    }

    /** Empty if there is no such bucket. */
    Mono<BucketOptions> find(String name) {
        return Mono.defer(() -> rows.read(rows.id(name))).mapNotNull(row -> {
            Entry entry = rows.entry(name, row);
            return entry == null ? null : decode(name, entry.value());
        });
    }

    /** Makes it if there is none. Whoever made it, what counts is what is there afterwards. */
    Mono<BucketOptions> findOrCreate(String name, BucketOptions wanted) {
        return find(name)
                .switchIfEmpty(Mono.defer(() -> create(name, wanted)))
                .flatMap(stored ->
                        stored.equals(wanted) ? Mono.just(stored) : Mono.error(mismatch(name, stored, wanted)));
    }

    private Mono<BucketOptions> create(String name, BucketOptions wanted) {
        ObjectId id = rows.id(name);
        return rows.compareAndSet(
                        id, RowVersion.ABSENT, row -> !rows.hasValue(row.head()), () -> rows.value(encode(wanted)))
                .flatMap(attempt -> find(name));
    }

    private static ConfigurationException mismatch(String name, BucketOptions stored, BucketOptions wanted) {
        return new ConfigurationException("bucket '" + name + "' has " + stored + ", but " + wanted
                + " was asked for; ask for what it has, take it as it is with getBucket, or choose another name");
    }

    private static ByteBuffer encode(BucketOptions options) {
        String json = options.ttl()
                .map(ttl -> "{\"" + TTL + "\":" + ttl.toMillis() + "}")
                .orElse("{}");
        return ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
    }

    private static BucketOptions decode(String name, ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        try {
            JsonNode json = JSON.readTree(bytes);
            JsonNode ttl = json.get(TTL);
            if (json.isObject() && ttl == null) {
                return BucketOptions.permanent();
            }
            if (ttl != null && ttl.isIntegralNumber() && ttl.canConvertToLong()) {
                return BucketOptions.ttl(Duration.ofMillis(ttl.longValue()));
            }
        } catch (IOException | ConfigurationException notOptions) {
            throw damaged(name, notOptions);
        }
        throw damaged(name, null);
    }

    private static IntegrityException damaged(String name, @Nullable Throwable cause) {
        return new IntegrityException(
                "the row of bucket '" + name
                        + "' does not hold its options; delete the row, and the bucket is made anew",
                cause);
    }
}
