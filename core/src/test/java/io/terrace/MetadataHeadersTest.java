// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHeadersTest {
    private static final Instant NOW = Instant.parse("2023-11-14T22:13:20Z");

    @Test
    void everyFieldButTheSizeIsAHeader() {
        assertThat(MetadataHeaders.toHeaders(MetadataSamples.full(), ""))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Content-Type", "image/png",
                        "Content-Encoding", "zstd",
                        "x-sn-expiration", "tti:1month 13h 26m 24s",
                        "x-sn-time-created", "2023-11-14T22:13:20.000001Z",
                        "x-sn-time-expires", "2023-12-15T22:13:20.000001Z",
                        "x-sn-origin", "203.0.113.7",
                        "x-sn-filename", "holiday.png",
                        "x-snme-trace-id", "abc123",
                        "x-snme-a", ""));
    }

    @Test
    void thePrefixIsPutBeforeAllNamesButThoseOfHttp() {
        assertThat(MetadataHeaders.toHeaders(MetadataSamples.full(), "x-goog-meta-")
                        .keySet())
                .containsExactlyInAnyOrder(
                        "Content-Type",
                        "Content-Encoding",
                        "x-goog-meta-x-sn-expiration",
                        "x-goog-meta-x-sn-time-created",
                        "x-goog-meta-x-sn-time-expires",
                        "x-goog-meta-x-sn-origin",
                        "x-goog-meta-x-sn-filename",
                        "x-goog-meta-x-snme-trace-id",
                        "x-goog-meta-x-snme-a");
    }

    @Test
    void defaultsAreTheContentTypeAlone() {
        assertThat(MetadataHeaders.toHeaders(ObjectMetadata.defaults(), ""))
                .containsExactly(Map.entry("Content-Type", "application/octet-stream"));
    }

    @Test
    void everyFieldIsReadBackButTheSize() {
        ObjectMetadata withoutSize = MetadataSamples.full().toBuilder().size(-1).build();
        for (String prefix : new String[] {"", "x-amz-meta-"}) {
            assertThat(MetadataHeaders.fromHeaders(MetadataHeaders.toHeaders(MetadataSamples.full(), prefix), prefix))
                    .isEqualTo(withoutSize);
        }
    }

    @Test
    void noHeadersMeanDefaults() {
        assertThat(MetadataHeaders.fromHeaders(Map.of(), "")).isEqualTo(ObjectMetadata.defaults());
    }

    @Test
    void theOriginIsReadAndWritten() {
        assertThat(MetadataHeaders.fromHeaders(Map.of("x-sn-origin", "203.0.113.7"), "")
                        .origin())
                .isEqualTo("203.0.113.7");
        assertThat(MetadataHeaders.fromHeaders(Map.of("content-type", "a/b"), "")
                        .origin())
                .isNull();
        assertThat(MetadataHeaders.toHeaders(
                        ObjectMetadata.builder().origin("203.0.113.7").build(), ""))
                .containsEntry("x-sn-origin", "203.0.113.7");
        assertThat(MetadataHeaders.toHeaders(ObjectMetadata.defaults(), "")).doesNotContainKey("x-sn-origin");
    }

    @Test
    void theFilenameIsReadAndWritten() {
        assertThat(MetadataHeaders.fromHeaders(Map.of("x-sn-filename", "a b~.png"), "")
                        .filename())
                .isEqualTo("a b~.png");
        assertThat(MetadataHeaders.fromHeaders(Map.of("content-type", "a/b"), "")
                        .filename())
                .isNull();
        assertThat(MetadataHeaders.toHeaders(
                        ObjectMetadata.builder().filename("a b.png").build(), ""))
                .containsEntry("x-sn-filename", "a b.png");
        assertThat(MetadataHeaders.toHeaders(ObjectMetadata.defaults(), "")).doesNotContainKey("x-sn-filename");
    }

    @Test
    void theTypeAndTheEncodingAreThoseOfHttp() {
        ObjectMetadata read =
                MetadataHeaders.fromHeaders(Map.of("content-type", "text/html", "content-encoding", "zstd"), "");
        assertThat(read.contentType()).isEqualTo("text/html");
        assertThat(read.compression()).isEqualTo(Compression.ZSTD);
    }

    @Test
    void thePolicyIsRead() {
        assertThat(MetadataHeaders.fromHeaders(Map.of("x-sn-expiration", "ttl:30s"), "")
                        .expiration())
                .isEqualTo(ExpirationPolicy.timeToLive(Duration.ofSeconds(30)));
        assertThat(MetadataHeaders.fromHeaders(Map.of("x-sn-expiration", "manual"), "")
                        .expiration())
                .isEqualTo(ExpirationPolicy.manual());
    }

    @Test
    void timesAreRead() {
        ObjectMetadata read = MetadataHeaders.fromHeaders(
                Map.of("x-sn-time-created", "2023-11-14T22:13:20.000001Z", "x-sn-time-expires", "2024-01-01T00:00:00Z"),
                "");
        assertThat(read.timeCreated()).isEqualTo("2023-11-14T22:13:20.000001Z");
        assertThat(read.timeExpires()).isEqualTo("2024-01-01T00:00:00Z");
    }

    @Test
    void customEntriesAreThoseWithThePrefix() {
        Map<String, String> headers =
                Map.of("x-goog-meta-x-snme-Trace-Id", "1", "x-snme-other", "2", "x-goog-meta-plain", "3");
        assertThat(MetadataHeaders.fromHeaders(headers, "x-goog-meta-").custom())
                .containsExactly(Map.entry("trace-id", "1"));
    }

    @Test
    void unknownHeadersAreIgnored() {
        assertThat(MetadataHeaders.fromHeaders(
                        Map.of("x-sn-future", "\u0000", "Authorization", "secret", "x-sn", "a"), ""))
                .isEqualTo(ObjectMetadata.defaults());
    }

    @Test
    void theCaseOfNamesDoesNotMatter() {
        ObjectMetadata read =
                MetadataHeaders.fromHeaders(Map.of("X-SN-ORIGIN", "o", "CONTENT-TYPE", "a/b", "X-SNME-KEY", "V"), "");
        assertThat(read.origin()).isEqualTo("o");
        assertThat(read.contentType()).isEqualTo("a/b");
        assertThat(read.custom()).containsExactly(Map.entry("key", "V"));
        assertThat(MetadataHeaders.toHeaders(read, "").get("x-sn-ORIGIN")).isEqualTo("o");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-type:png",
                "content-encoding:gzip",
                "x-sn-expiration:ttl:",
                "x-sn-expiration:never",
                "x-sn-time-created:yesterday",
                "x-sn-time-expires:2023-11-14",
                "x-snme-:empty key",
                "x-sn-origin:häuser",
                "x-sn-filename:a\nb",
                "x-snme-a: blanks ",
            })
    void aMalformedHeaderIsRefused(String header) {
        int colon = header.indexOf(':');
        Map<String, String> headers = Map.of(header.substring(0, colon), header.substring(colon + 1));
        assertThatThrownBy(() -> MetadataHeaders.fromHeaders(headers, "")).isInstanceOf(InvalidMetadataException.class);
    }

    @Test
    void aMalformedTimeIsRefusedWithItsHeaderAndAnExample() {
        assertThatThrownBy(() -> MetadataHeaders.fromHeaders(Map.of("x-sn-time-created", "yesterday"), ""))
                .hasMessage("header x-sn-time-created is 'yesterday', not a time; "
                        + "write for example 2023-11-14T22:13:20.000000Z");
    }

    @Test
    void aValueThatHttpWouldAlterIsRefusedWithoutBeingShown() {
        for (String value :
                new String[] {"s3cr3t\u0000", "s3cr3t\r\nX-Evil: 1", "s3cr3té", "s3cr3t\u007F.", " s3cr3t", "s3cr3t\t"
                }) {
            assertThatThrownBy(() -> MetadataHeaders.toHeaders(
                            ObjectMetadata.builder().custom("a", value).build(), ""))
                    .isInstanceOf(InvalidMetadataException.class)
                    .hasMessage("the value of header 'x-snme-a' is not plain visible ASCII without blanks at its ends; "
                            + "encode it, for example as percent-escapes");
        }
    }

    @Test
    void aKeyThatIsNoHeaderNameIsRefused() {
        assertThatThrownBy(() -> MetadataHeaders.toHeaders(
                        ObjectMetadata.builder().custom("a b", "v").build(), ""))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage(
                        "custom metadata key 'a b' cannot be part of a header name; " + "use letters, digits and -_.");
    }

    @Test
    void keysThatDifferOnlyInCaseAreRefused() {
        assertThatThrownBy(() -> MetadataHeaders.toHeaders(
                        ObjectMetadata.builder()
                                .custom("a", "1")
                                .custom("A", "2")
                                .build(),
                        ""))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage("two custom metadata keys differ only in case and would both become header 'x-snme-a'; "
                        + "rename one");
    }

    @Test
    void aHeaderThatIsGivenTwiceIsRefused() {
        Map<String, String> twice = new TreeMap<>(Map.of("X-Sn-Origin", "a", "x-sn-origin", "b"));
        assertThatThrownBy(() -> MetadataHeaders.fromHeaders(twice, ""))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage("header 'x-sn-origin' is given twice; send it once");
    }

    @Test
    void aClientsTimesAreReplacedOnInsert() {
        ObjectMetadata inserted = MetadataHeaders.fromInsertHeaders(
                Map.of(
                        "x-sn-expiration", "ttl:1h",
                        "x-sn-time-created", "1999-01-01T00:00:00Z",
                        "x-sn-time-expires", "1999-01-01T00:00:00Z",
                        "x-sn-origin", "o"),
                "",
                NOW);
        assertThat(inserted.timeCreated()).isEqualTo(NOW);
        assertThat(inserted.timeExpires()).isEqualTo(NOW.plusSeconds(3600));
        assertThat(inserted.origin()).isEqualTo("o");
    }

    @Test
    void aClientsMalformedTimesAreIgnoredOnInsert() {
        ObjectMetadata inserted = MetadataHeaders.fromInsertHeaders(
                Map.of("x-sn-time-created", "yesterday", "x-sn-time-expires", "\u0000"), "", NOW);
        assertThat(inserted.timeCreated()).isEqualTo(NOW);
        assertThat(inserted.timeExpires()).isNull();
    }

    @Test
    void anInsertedTimeoutHasADeadline() {
        assertThat(MetadataHeaders.fromInsertHeaders(Map.of("x-sn-expiration", "tti:2h"), "", NOW)
                        .timeExpires())
                .isEqualTo(NOW.plusSeconds(7200));
        assertThat(MetadataHeaders.fromInsertHeaders(Map.of(), "", NOW).timeExpires())
                .isNull();
    }
}
