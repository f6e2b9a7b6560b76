// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form. Other implementations read and write it, so the expected texts are written out. */
class MetadataJsonTest {

    @Test
    void defaultsAreWrittenAsTheContentTypeAlone() {
        assertThat(json(ObjectMetadata.defaults())).isEqualTo("{\"content_type\":\"application/octet-stream\"}");
    }

    @Test
    void everyFieldIsWritten() {
        assertThat(json(MetadataSamples.full()))
                .isEqualTo("{\"expiration_policy\":{\"TimeToIdle\":{\"secs\":2678400,\"nanos\":0}},"
                        + "\"time_created\":{\"secs_since_epoch\":1700000000,\"nanos_since_epoch\":1000},"
                        + "\"time_expires\":{\"secs_since_epoch\":1702678400,\"nanos_since_epoch\":1000},"
                        + "\"content_type\":\"image/png\",\"compression\":\"Zstd\","
                        + "\"origin\":\"203.0.113.7\",\"filename\":\"holiday.png\",\"size\":42,"
                        + "\"custom\":{\"a\":\"\",\"trace-id\":\"abc123\"}}");
    }

    @Test
    void everyFieldIsReadBack() {
        assertThat(ObjectMetadata.fromJson(MetadataSamples.full().toJson())).isEqualTo(MetadataSamples.full());
        assertThat(ObjectMetadata.fromJson(ObjectMetadata.defaults().toJson())).isEqualTo(ObjectMetadata.defaults());
    }

    @Test
    void anyMetadataIsReadBack() {
        Seeded.cases(10_000, random -> {
            ObjectMetadata any = MetadataSamples.any(random);
            assertThat(ObjectMetadata.fromJson(any.toJson())).isEqualTo(any);
        });
    }

    @Test
    void bothTimeoutsAreWrittenWithSecondsAndNanoseconds() {
        assertThat(json(policy(ExpirationPolicy.timeToLive(Duration.ofSeconds(5, 7)))))
                .startsWith("{\"expiration_policy\":{\"TimeToLive\":{\"secs\":5,\"nanos\":7}},");
        assertThat(json(policy(ExpirationPolicy.timeToIdle(Duration.ZERO))))
                .startsWith("{\"expiration_policy\":{\"TimeToIdle\":{\"secs\":0,\"nanos\":0}},");
    }

    @Test
    void aSizeOfZeroIsWritten() {
        assertThat(json(ObjectMetadata.builder().size(0).build())).contains("\"size\":0");
    }

    @Test
    void missingFieldsGetTheirDefaults() {
        assertThat(read("{}")).isEqualTo(ObjectMetadata.defaults());
        assertThat(read("{\"filename\":\"a\"}"))
                .isEqualTo(ObjectMetadata.builder().filename("a").build());
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(
                        read(
                                "{\"future\":{\"a\":[1,{}]},\"content_type\":\"a/b\",\"x\":null,\"is_redirect_tombstone\":true}"))
                .isEqualTo(ObjectMetadata.of("a/b"));
    }

    @Test
    void absentOptionsMayBeNullAndManualMayBeNamed() {
        assertThat(read("{\"expiration_policy\":\"Manual\",\"time_created\":null,\"time_expires\":null,"
                        + "\"compression\":null,\"origin\":null,\"filename\":null,\"size\":null}"))
                .isEqualTo(ObjectMetadata.defaults());
    }

    @Test
    void whitespaceAndTheOrderOfFieldsDoNotMatter() {
        assertThat(read(" {\n\"size\" : 3 ,\t\"content_type\":\"a/b\" } \n"))
                .isEqualTo(ObjectMetadata.builder().contentType("a/b").size(3).build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[]|it is not a JSON object",
                "null|it is not a JSON object",
                "~~|it is not a JSON object",
                "{\"content_type\":null}|field content_type is not text",
                "{\"content_type\":7}|field content_type is not text",
                "{\"content_type\":\"png\"}|content type 'png' is not a media type; write type/subtype, for example image/png",
                "{\"expiration_policy\":null}|field expiration_policy is not a known policy",
                "{\"expiration_policy\":\"manual\"}|field expiration_policy is not a known policy",
                "{\"expiration_policy\":{}}|field expiration_policy is not a known policy",
                "{\"expiration_policy\":{\"TimeToLive\":{\"secs\":1,\"nanos\":0},\"x\":1}}|field expiration_policy is not a known policy",
                "{\"expiration_policy\":{\"TimeToLive\":5}}|field expiration_policy is not an object",
                "{\"expiration_policy\":{\"TimeToLive\":{}}}|field secs is not a whole number from 0 on",
                "{\"expiration_policy\":{\"TimeToLive\":{\"secs\":-1,\"nanos\":0}}}|field secs is not a whole number from 0 on",
                "{\"expiration_policy\":{\"TimeToLive\":{\"secs\":1.5,\"nanos\":0}}}|field secs is not a whole number from 0 on",
                "{\"expiration_policy\":{\"TimeToLive\":{\"secs\":1,\"nanos\":1000000000}}}|field nanos has more than a second of nanoseconds",
                "{\"time_created\":5}|field time_created is not an object",
                "{\"time_created\":{\"secs_since_epoch\":5}}|field time_created is not a whole number from 0 on",
                "{\"time_expires\":{\"secs_since_epoch\":9223372036854775807,\"nanos_since_epoch\":0}}|field time_expires is too far in the future",
                "{\"time_expires\":{\"secs_since_epoch\":253402300800,\"nanos_since_epoch\":0}}|time expires +10000-01-01T00:00:00Z cannot be stored; use a time from 1970 to 9999",
                "{\"compression\":\"zstd\"}|field compression is not a known compression",
                "{\"compression\":\"Gzip\"}|field compression is not a known compression",
                "{\"origin\":7}|field origin is not text",
                "{\"filename\":[]}|field filename is not text",
                "{\"size\":\"7\"}|field size is not a whole number from 0 on",
                "{\"size\":-1}|field size is not a whole number from 0 on",
                "{\"size\":9223372036854775808}|field size is not a whole number from 0 on",
                "{\"custom\":null}|field custom is not an object",
                "{\"custom\":{\"a\":7}}|field custom is not text",
                "{\"custom\":{\"\":\"a\"}}|a custom metadata key is empty; give the entry a name",
                "{\"origin\":\"\\ud800\"}|origin has an unpaired surrogate and therefore no UTF-8 form; repair the text",
            })
    void aMalformedFieldIsNamed(String json, String why) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IntegrityException.class)
                .hasMessage("stored object metadata is malformed: " + why
                        + "; restore the object, or delete and rewrite it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"size\":3",
                "{\"size\":3}}",
                "{\"size\":3} {}",
                "{\"size\":3,}",
                "{size:3}",
                "{\"size\":03}",
                "{\"size\":3,\"size\":4}",
                "{\"custom\":{\"a\":\"1\",\"a\":\"2\"}}",
                "{\"origin\":\"\n\"}",
                "tru"
            })
    void whatIsNotStrictJsonIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("it is not JSON, at byte ")
                .hasNoCause();
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] json = "{\"origin\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
        json[11] = (byte) 0xFF;
        assertThatThrownBy(() -> ObjectMetadata.fromJson(json)).isInstanceOf(IntegrityException.class);
    }

    @Test
    void aTruncatedTextIsRefusedAtEveryLength() {
        byte[] whole = MetadataSamples.full().toJson();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ObjectMetadata.fromJson(part)).isInstanceOf(IntegrityException.class);
        }
    }

    @Test
    void theMessageOfMalformedJsonQuotesNothing() {
        assertThatThrownBy(() -> read("{\"origin\":\"a\", s3cr3t}")).hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> read("{\"origin\":{\"s3cr3t\":\"s3cr3t\"}}")).hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aBufferIsReadFromPositionToLimitAndNotMoved() {
        ByteBuffer buffer = ByteBuffer.wrap("xx{\"size\":3}yy".getBytes(StandardCharsets.US_ASCII));
        buffer.position(2).limit(12);
        assertThat(ObjectMetadata.fromJson(buffer.asReadOnlyBuffer()).size()).isEqualTo(3);
        assertThat(ObjectMetadata.fromJson(buffer).size()).isEqualTo(3);
        assertThat(buffer.position()).isEqualTo(2);
    }

    @Test
    void nanosecondsAreKept() {
        ObjectMetadata fine = ObjectMetadata.builder()
                .timeCreated(Instant.ofEpochSecond(7, 123_456_789))
                .build();
        assertThat(ObjectMetadata.fromJson(fine.toJson())).isEqualTo(fine);
    }

    private static ObjectMetadata policy(ExpirationPolicy policy) {
        return ObjectMetadata.builder().expiration(policy).build();
    }

    private static String json(ObjectMetadata metadata) {
        return new String(metadata.toJson(), StandardCharsets.UTF_8);
    }

    private static ObjectMetadata read(String json) {
        return ObjectMetadata.fromJson(json.getBytes(StandardCharsets.UTF_8));
    }
}
