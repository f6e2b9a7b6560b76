// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** A request that the server has received completely: its path in decoded segments, its body without the encoding of HTTP. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record FakeRequest(
        String method, List<String> path, Map<String, String> query, Map<String, String> headers, byte[] body) {

    static FakeRequest of(String method, String uri, Map<String, String> received, byte[] body) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(received);
        int mark = uri.indexOf('?');
        List<String> path = new ArrayList<>();
        for (String segment :
                (mark < 0 ? uri : uri.substring(0, mark)).substring(1).split("/", -1)) {
            path.add(decode(segment.replace("+", "%2B")));
        }
        Map<String, String> query = new TreeMap<>();
        if (mark >= 0) {
            for (String pair : uri.substring(mark + 1).split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        boolean zipped =
                "gzip".equals(headers.get("Content-Encoding")) && !path.get(0).isEmpty() && isJsonApi(path);
        return new FakeRequest(
                headers.getOrDefault("X-HTTP-Method-Override", method),
                path,
                query,
                headers,
                zipped ? unzip(body) : body);
    }

    private static boolean isJsonApi(List<String> path) {
        return path.get(0).equals("storage") || path.get(0).equals("upload");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    FakeRequest withBody(byte[] other) {
        return new FakeRequest(method, path, query, headers, other);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static byte[] unzip(byte[] zipped) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
