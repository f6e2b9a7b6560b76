// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.terrace.config.ConfigProblems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML or JSON into maps, lists and text. Values stay as they are written: a password of digits keeps its zeros. What a
 * configuration has no use for is a problem: a key that is given twice, an alias, a second document.
 */
final class DocumentReader {

    private final JsonParser parser;
    private final ConfigProblems problems;

    DocumentReader(JsonParser parser, ConfigProblems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The document as a section; an empty one if it is none, which is a problem. */
    Map<String, ?> read() throws IOException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            problems.add("", first == null ? "the file is empty" : "the file must begin with keys and values");
            return Map.of();
        }
        Map<String, ?> document = section("");
        if (parser.nextToken() != null) {
            problems.add("", "there is a second document" + here() + "; only one can be read");
        }
        return document;
    }

    private Map<String, ?> section(String place) throws IOException {
        Map<String, @Nullable Object> section = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String at = place.isEmpty() ? key : place + "." + key;
            if (section.containsKey(key)) {
                problems.add(at, "is given a second time" + here() + "; give each key once");
            }
            parser.nextToken();
            if (!isAlias(at)) {
                section.put(key, value(at));
            }
        }
        return section;
    }

    private boolean isAlias(String place) throws IOException {
        boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
        if (alias) {
            problems.add(
                    place, "is an alias" + here() + ", which is not understood here; write out what it stands for");
        }
        return alias;
    }

    private @Nullable Object value(String place) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return section(place);
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(isAlias(place) ? "" : value(place));
            }
            return list;
        }
        return token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    private String here() {
        return ", at line " + parser.currentTokenLocation().getLineNr();
    }
}
