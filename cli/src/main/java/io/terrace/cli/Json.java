// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What {@code --json} prints: one object per line, so that output of any length can be read as it comes. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String line(ObjectNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers has a JSON form", e);
        }
    }

    static ObjectNode of(ObjectInfo info) {
        ObjectMetadata metadata = info.metadata();
        ObjectNode node = object();
        node.put("name", info.id().toString());
        node.put("size", info.size());
        node.put("etag", info.etag());
        node.put("contentType", metadata.contentType());
        putIfKnown(node, "created", metadata.timeCreated());
        node.put("expiration", metadata.expiration().toString());
        putIfKnown(node, "expires", metadata.timeExpires());
        putIfKnown(node, "compression", metadata.compression());
        putIfKnown(node, "origin", metadata.origin());
        putIfKnown(node, "filename", metadata.filename());
        ObjectNode custom = node.putObject("custom");
        metadata.custom().forEach(custom::put);
        return node;
    }

    static ObjectNode of(Failure failure) {
        ObjectNode node = object();
        ObjectNode error = node.putObject("error");
        error.put("code", failure.code());
        error.put("message", failure.sentence());
        error.put("exit", failure.exitCode());
        return node;
    }

    private static void putIfKnown(ObjectNode node, String field, @Nullable Object value) {
        if (value != null) {
            node.put(field, value instanceof Instant time ? time.toString() : String.valueOf(value));
        }
    }
}
