// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the server answers. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record FakeAnswer(int status, Map<String, String> headers, byte[] body) {

    static final ObjectMapper JSON = new ObjectMapper();

    static FakeAnswer json(int status, Object value) {
        try {
            return new FakeAnswer(
                    status, Map.of("Content-Type", "application/json; charset=UTF-8"), JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static FakeAnswer empty(int status) {
        return new FakeAnswer(status, Map.of(), new byte[0]);
    }

    FakeAnswer with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new FakeAnswer(status, more, body);
    }

    FakeAnswer withBody(byte[] other) {
        return new FakeAnswer(status, headers, other);
    }

    /** An error as the JSON API has it. */
    static FakeAnswer error(int status, String reason, String message) {
        return json(
                status,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                status,
                                "message",
                                message,
                                "errors",
                                List.of(Map.of("message", message, "domain", "global", "reason", reason)))));
    }

    static FakeAnswer text(int status, String message) {
        return new FakeAnswer(
                status, Map.of("Content-Type", "text/plain; charset=utf-8"), message.getBytes(StandardCharsets.UTF_8));
    }

    static Refusal refuse(int status, String reason, String message) {
        return new Refusal(error(status, reason, message));
    }

    /** Ends the handling of a request. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient FakeAnswer answer;

        Refusal(FakeAnswer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }

        FakeAnswer answer() {
            return answer;
        }
    }
}
