// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Objects of one size: their bytes, names and metadata, the same on all sides. */
final class Sample {

    private static final AtomicLong UUIDS = new AtomicLong();

    final byte[] bytes;
    final ObjectMetadata metadata;
    final ObjectId object;
    private final String directory;

    Sample(int size) {
        bytes = Sink.noise(size);
        metadata = ObjectMetadata.of("application/octet-stream")
                .stampedAt(Instant.parse("2026-01-01T00:00:00Z"))
                .sized(size);
        object = ObjectId.of(ObjectContext.of("bench"), size + "/object");
        directory = object.storagePath() + "/";
    }

    /** Of a blob that never was. */
    BlobId blob() {
        return new BlobId(object, uuid());
    }

    /** Whose row nobody else has. */
    ObjectId row() {
        return ObjectId.of(object.context(), object.key() + "/" + UUIDS.incrementAndGet());
    }

    /** What such a blob is named in the store, made by the shortest way. */
    String name() {
        return directory + uuid();
    }

    /** As it is kept with a blob. */
    String encodedMetadata() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(metadata.toJson());
    }

    /** Decodes what is kept with a blob. */
    boolean isDescribedBy(String encoded) {
        return ObjectMetadata.fromJson(Base64.getUrlDecoder().decode(encoded)).size() == bytes.length;
    }

    private static UUID uuid() {
        return new UUID(0x1890a5dac967000L, UUIDS.incrementAndGet());
    }
}
