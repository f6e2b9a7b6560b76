// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.Seeded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendUrlTest {

    @Test
    void eachComponentIsDecoded() {
        assertThat(BackendUrl.parse(
                        "terrace:s3://b%40c/a%2Fb/c+d/%C3%BC?end-point=http://h:9000/%3Fx%26y&empty=&a%3Db=%25"))
                .isEqualTo(new BackendUrl(
                        "s3",
                        "b@c",
                        List.of("a/b", "c+d", "ü"),
                        Map.of("end-point", "http://h:9000/?x&y", "empty", "", "a=b", "%")));
    }

    @ParameterizedTest
    @CsvSource({
        "terrace:a://, '', 0",
        "terrace:a://host, host, 0",
        "terrace:a://host:9000, host:9000, 0",
        "terrace:a:///, '', 1",
        "terrace:a:////, '', 2",
        "terrace:a://host/x/, host, 2",
        "terrace:a://host?x=1, host, 0",
    })
    void theEdgesOfThePathAreKept(String text, String authority, int segments) {
        BackendUrl url = BackendUrl.parse(text);
        assertThat(url.authority()).isEqualTo(authority);
        assertThat(url.segments()).hasSize(segments);
    }

    @Test
    void whatIsFormattedIsReadBack() {
        Seeded.cases(5000, random -> {
            Map<String, String> options = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                options.put("o" + text(random), text(random));
            }
            List<String> segments = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                segments.add(text(random));
            }
            BackendUrl url = new BackendUrl("a-b1", text(random), segments, options);
            BackendUrl read = BackendUrl.parse(url.format());
            assertThat(read).isEqualTo(url);
            assertThat(List.copyOf(read.options().keySet()))
                    .isEqualTo(List.copyOf(url.options().keySet()));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | it must begin with 'terrace:'",
                "s3://b | it must begin with 'terrace:'",
                "TERRACE:s3://b | it must begin with 'terrace:'",
                "terrace:s3 | after 'terrace:' come the name of a backend",
                "terrace:s3:/b | after 'terrace:' come the name of a backend",
                "terrace:://b | after 'terrace:' come the name of a backend",
                "terrace:S3://b | after 'terrace:' come the name of a backend",
                "terrace:s3://key:word@b | it has credentials before an @",
                "terrace:s3://b#x | it has a fragment",
                "terrace:s3://b?x=1#y | it has a fragment",
                "terrace:s3://b c | it has a blank",
                "terrace:s3://%zz | the authority has a malformed escape",
                "terrace:s3://b/ok/%4 | segment 2 of the path has a malformed escape",
                "terrace:s3://b/%C3%28 | segment 1 of the path has a malformed escape",
                "terrace:s3://b/%C3 | segment 1 of the path has a malformed escape",
                "terrace:s3://b/%+1 | segment 1 of the path has a malformed escape",
                "terrace:s3://b/%１１ | segment 1 of the path has a malformed escape",
                "terrace:s3://b?x=% | the value of option 1 has a malformed escape",
                "terrace:s3://b?%ff=1 | the name of option 1 has a malformed escape",
                "terrace:s3://b? | option 1 is not of the form name=value",
                "terrace:s3://b?x | option 1 is not of the form name=value",
                "terrace:s3://b?=1 | option 1 is not of the form name=value",
                "terrace:s3://b?x=1&&y=2 | option 2 is not of the form name=value",
                "terrace:s3://b?x=1&y=2&%78=3 | option 3 has the name of an earlier one",
            })
    void whatIsMalformedIsRefused(String text, String problem) {
        assertThatThrownBy(() -> BackendUrl.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The URL cannot be read: " + problem);
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThatThrownBy(() -> BackendUrl.parse("terrace:s3://k:p@b/%zz?x&y=1&y=2#f"))
                .hasMessageContaining("for 5 reasons")
                .hasMessageContaining("fragment")
                .hasMessageContaining("credentials")
                .hasMessageContaining("segment 1")
                .hasMessageContaining("option 1 is")
                .hasMessageContaining("option 3 has");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "hunter2://b",
                "terrace:hunter2",
                "terrace:s3://k:hunter2@b",
                "terrace:s3://hunter2%zz",
                "terrace:s3://b/hunter2%zz?hunter2#hunter2",
                "terrace:s3://b?secret-key=a&hunter2",
                "terrace:s3://b?secret-key=hunter2%",
                "terrace:s3://b?hunter2=hunter2&hunter2=hunter2 ",
            })
    void noMessageQuotesTheText(String text) {
        assertThatThrownBy(() -> BackendUrl.parse(text)).hasMessageNotContaining("hunter2");
    }

    @Test
    void printingShowsNoValue() {
        assertThat(BackendUrl.parse("terrace:s3://b/p?region=eu&x%26=hunter2"))
                .hasToString("terrace:s3://b/p?region=***&x%26=***");
    }

    @Test
    void whatHasNoTextIsRefused() {
        assertThatThrownBy(() -> new BackendUrl("S3", "", List.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BackendUrl("s3", "", List.of(), Map.of("", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BackendUrl("s3", "\ud800", List.of(), Map.of()).format())
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Mostly characters that mean something in a URL. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String odd = "/?&=#%@:+ \n\u0000;~.";
            switch (random.nextInt(4)) {
                case 0 -> text.append(odd.charAt(random.nextInt(odd.length())));
                case 1 -> text.append((char) ('a' + random.nextInt(26)));
                case 2 -> text.append((char) random.nextInt(0xd800));
                default -> text.appendCodePoint(0x10000 + random.nextInt(0x1000));
            }
        }
        return text.toString();
    }
}
