// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * One generation of an object.
 *
 * @param resource what the sender said about it, as in the JSON API
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record FakeObject(
        String bucket,
        String name,
        long generation,
        long metageneration,
        JsonNode resource,
        byte[] bytes,
        String crc32c,
        String md5) {

    static FakeObject of(String bucket, String name, long generation, JsonNode resource, byte[] bytes) {
        return new FakeObject(bucket, name, generation, 1, resource, bytes, crc32c(bytes), md5(bytes));
    }

    FakeObject patched(JsonNode changed) {
        return new FakeObject(bucket, name, generation, metageneration + 1, changed, bytes, crc32c, md5);
    }

    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Everything that the server says about it. */
    ObjectNode describe() {
        ObjectNode json = FakeAnswer.JSON.createObjectNode();
        for (String said : new String[] {"contentType", "contentEncoding", "customTime", "metadata"}) {
            if (resource.hasNonNull(said)) {
                json.set(said, resource.get(said));
            }
        }
        return json.put("kind", "storage#object")
                .put("id", bucket + "/" + name + "/" + generation)
                .put("name", name)
                .put("bucket", bucket)
                .put("generation", Long.toString(generation))
                .put("metageneration", Long.toString(metageneration))
                .put("size", Integer.toString(bytes.length))
                .put("crc32c", crc32c)
                .put("md5Hash", md5)
                .put("timeCreated", "2026-01-01T00:00:00.000Z")
                .put("updated", "2026-01-01T00:00:00.000Z")
                .put("etag", generation + "/" + metageneration);
    }
}
