// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlFormTest {
    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            Option.text("path", "", "P."),
            Option.text("bucket", "", "B."),
            Option.text("prefix", "", "P."),
            Option.text("project", "", "P."),
            Option.text("instance", "", "I."),
            Option.text("table", "", "T."),
            Option.text("region", "", "R."),
            Option.secret("secret-key", "S."));
    private static final Map<String, UrlForm> FORMS = Map.of(
            "localfs", UrlForm.path("path"),
            "inmemory", UrlForm.label(),
            "journal", UrlForm.optionsOnly(),
            "s3", UrlForm.authority("bucket").rest("prefix"),
            "bigtable", UrlForm.authority("project").segments("instance", "table"));

    private final ConfigProblems problems = new ConfigProblems();

    @ParameterizedTest
    @CsvSource({
        "terrace:localfs:///var/lib/a%20b, '{path=/var/lib/a b}'",
        "terrace:localfs:///, {path=/}",
        "terrace:localfs://, {}",
        "terrace:localfs://?path=rel, {path=rel}",
        "terrace:inmemory://test, {}",
        "terrace:inmemory://, {}",
        "terrace:journal://?path=/a, {path=/a}",
        "terrace:s3://b, {bucket=b}",
        "terrace:s3://b/, {bucket=b}",
        "terrace:s3://b/v1/x/, '{bucket=b, prefix=v1/x/}'",
        "terrace:s3://b/v1?region=eu, '{bucket=b, prefix=v1, region=eu}'",
        "terrace:bigtable://p/i/t, '{instance=i, project=p, table=t}'",
        "terrace:bigtable://p/a%2Fb, '{instance=a/b, project=p}'",
        "terrace:bigtable://p/i/t/, '{instance=i, project=p, table=t}'",
    })
    void thePartsOfAUrlAreOptions(String url, String options) {
        assertThat(read(url)).hasToString(options);
        assertThat(problems.texts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "terrace:localfs://var/lib | nothing may stand between '//' and the next slash, so a path begins with '///': "
                        + "the form is terrace:localfs:///<path>",
                "terrace:journal://x | nothing may stand between '//' and the next slash: the form is terrace:journal://",
                "terrace:inmemory://x/y | its path has too many segments: the form is terrace:inmemory://<any-name>",
                "terrace:bigtable://p/i/t/x | its path has too many segments: "
                        + "the form is terrace:bigtable://<project>/<instance>/<table>",
                "terrace:s3://b/x?bucket=c | option 'bucket' is given twice: the form is terrace:s3://<bucket>/<prefix...>",
                "terrace:s3://b?regoin=eu | unknown option 'regoin'; did you mean 'region'?",
                "terrace:s3://b?colour=red | unknown option 'colour'",
            })
    void whatDoesNotFitIsAProblem(String url, String problem) {
        read(url);
        assertThat(problems.texts()).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "terrace:s3://b?secret-key=hunter2, option 'secret-key' is a secret",
        "terrace:s3://b?secretKey=hunter2, option 1 is a secret",
        "terrace:s3://b?secrt-key=hunter2, option 1 is a secret",
        "terrace:s3://b?region=eu&Password=hunter2, option 2 is a secret",
        "terrace:s3://b?access-token=hunter2, option 1 is a secret",
    })
    void aSecretIsRefusedAndNotQuoted(String url, String problem) {
        read(url);
        assertThat(problems.texts())
                .singleElement()
                .asString()
                .startsWith(problem)
                .doesNotContain("hunter2");
    }

    @Test
    void theTailOfASecretWithAnAmpersandIsNotQuotedEither() {
        Map<String, ConfigValue> read = readValues("terrace:s3://b?secret-key=a&hunter2=x&region=hunter2");
        assertThat(problems.texts()).hasSize(2).allSatisfy(problem -> assertThat(problem)
                .doesNotContain("hunter2"));
        assertThat(read.get("region").hidden()).isTrue();
    }

    @Test
    void aFormNamesItsOptions() {
        assertThat(FORMS.get("s3").options()).containsExactly("bucket", "prefix");
        assertThat(FORMS.get("bigtable").options()).containsExactly("project", "instance", "table");
        assertThat(FORMS.get("localfs").options()).containsExactly("path");
        assertThat(FORMS.get("inmemory").options()).isEmpty();
    }

    private Map<String, String> read(String url) {
        return readValues(url).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().text(), (a, b) -> a, TreeMap::new));
    }

    private Map<String, ConfigValue> readValues(String text) {
        ConfigValue given = new ConfigValue("url", text, false, Path.of(""));
        BackendUrl url = BackendUrl.parse(text);
        return url.options(SCHEMA, FORMS.get(url.backend()), given, problems);
    }
}
