// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectCommandsTest {

    private static final String SMALL = "media/org=17;project=42/a/ü 😀.txt";
    private static final String LARGE = "media/_/large";
    private static final byte[] LARGE_BYTES = new byte[3_000_000];

    static {
        new Random(1).nextBytes(LARGE_BYTES);
    }

    @TempDir
    Path temp;

    private String data;

    @BeforeEach
    void nameTheStore() {
        data = temp.resolve("store").toString();
    }

    private Run put(byte[] content, String name) {
        return Run.withInput(content, "put", "-", name, "--data", data).succeeds();
    }

    @Test
    void whatIsPutFromAFileIsGotIntoAFile() throws IOException {
        Path from = Files.write(temp.resolve("from"), LARGE_BYTES);
        Path to = Files.writeString(temp.resolve("to"), "older");
        assertThat(Run.of("put", from.toString(), LARGE, "--data", data)
                        .succeeds()
                        .out())
                .isEqualTo("stored media/_/large (3000000 bytes)\n");
        assertThat(Run.of("get", LARGE, to.toString(), "--data", data)
                        .succeeds()
                        .out())
                .isEmpty();
        assertThat(to).hasBinaryContent(LARGE_BYTES);
        assertThat(temp).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void whatIsPutFromStandardInputIsGotToStandardOutput() {
        put("hello".getBytes(UTF_8), SMALL);
        put(LARGE_BYTES, LARGE);
        assertThat(Run.of("get", SMALL, "-", "--data", data).succeeds().out()).isEqualTo("hello");
        assertThat(Run.of("get", LARGE, "-", "--data", data).succeeds().bytes()).isEqualTo(LARGE_BYTES);
    }

    @Test
    void anEmptyObjectIsAnObject() {
        put(new byte[0], SMALL);
        assertThat(Run.of("get", SMALL, "-", "--data", data).succeeds().bytes()).isEmpty();
    }

    @Test
    void aRangeIsAPart() {
        put("0123456789".getBytes(UTF_8), SMALL);
        assertThat(Run.of("get", SMALL, "-", "--data", data, "--range", "2-4")
                        .succeeds()
                        .out())
                .isEqualTo("234");
        assertThat(Run.of("get", SMALL, "-", "--data", data, "--range=-2")
                        .succeeds()
                        .out())
                .isEqualTo("89");
    }

    @Test
    void headSaysWhatPutWasTold() {
        Run.withInput(
                        "x".getBytes(UTF_8),
                        "put",
                        "-",
                        SMALL,
                        "--data",
                        data,
                        "--type",
                        "text/plain",
                        "--expire",
                        "ttl:30days",
                        "--meta",
                        "a=1",
                        "--meta",
                        "b=2")
                .succeeds();
        assertThat(Run.of("head", SMALL, "--data", data).succeeds().out())
                .contains("name        " + SMALL, "size        1\n", "type        text/plain\n")
                .contains("policy      ttl:30days\n", "meta        a=1\n", "meta        b=2\n");
        JsonNode json = Run.of("head", SMALL, "--data", data, "--json")
                .succeeds()
                .json()
                .get(0);
        assertThat(json.path("name").asText()).isEqualTo(SMALL);
        assertThat(json.path("size").asLong()).isEqualTo(1);
        assertThat(json.path("custom").path("b").asText()).isEqualTo("2");
        assertThat(json.path("expires").asText())
                .isGreaterThan(json.path("created").asText());
    }

    @Test
    void getTellsWhatItGotIfAskedForJson() {
        put("x".getBytes(UTF_8), SMALL);
        Run got = Run.of("get", SMALL, temp.resolve("to").toString(), "--data", data, "--json")
                .succeeds();
        assertThat(got.json())
                .singleElement()
                .satisfies(json -> assertThat(json.path("size").asLong()).isEqualTo(1));
    }

    @Test
    void rmDeletesAndDoesNotMindWhatIsAbsent() {
        put("x".getBytes(UTF_8), SMALL);
        put(LARGE_BYTES, LARGE);
        assertThat(Run.of("rm", SMALL, LARGE, "media/_/absent", "--data", data)
                        .succeeds()
                        .lines())
                .containsExactly("deleted " + SMALL, "deleted " + LARGE, "deleted media/_/absent");
        assertThat(Run.of("ls", "--data", data).succeeds().out()).isEmpty();
        Run.of("get", SMALL, "-", "--data", data).fails(ExitCode.NOT_FOUND, SMALL);
        assertThat(Run.of("rm", SMALL, "--data", data, "--json").succeeds().json())
                .singleElement()
                .satisfies(json -> assertThat(json.path("deleted").asBoolean()).isTrue());
    }

    @Test
    void lsListsWhatBeginsWithAPrefixWhereverItEnds() {
        put("x".getBytes(UTF_8), SMALL);
        put("xy".getBytes(UTF_8), LARGE);
        put("xyz".getBytes(UTF_8), "mediator/_o=1/k");
        assertThat(Run.of("ls", "--data", data).succeeds().lines()).hasSize(3);
        assertThat(names("media")).hasSize(3);
        assertThat(names("media/")).containsExactlyInAnyOrder(SMALL, LARGE);
        assertThat(names("media/o")).containsExactly(SMALL);
        assertThat(names("media/org=1")).containsExactly(SMALL);
        assertThat(names("media/org=17;pro")).containsExactly(SMALL);
        assertThat(names("media/org=17;project=42/a/")).containsExactly(SMALL);
        assertThat(names("media/org=17;project=42/b")).isEmpty();
        assertThat(names("media/_")).containsExactly(LARGE);
        assertThat(names("media/_/l")).containsExactly(LARGE);
        assertThat(names("mediator/_")).containsExactly("mediator/_o=1/k");
        assertThat(names("nothing")).isEmpty();
        assertThat(Run.of("ls", LARGE, "--data", data).out()).matches(" {13}2  \\S{20}  media/_/large\n");
    }

    private java.util.List<String> names(String prefix) {
        return Run.of("ls", prefix, "--data", data, "--json").succeeds().json().stream()
                .map(json -> json.path("name").asText())
                .toList();
    }

    @Test
    void aNameIsLiteral() {
        put("x".getBytes(UTF_8), "media/_/@file");
        put("x".getBytes(UTF_8), "media/_/a//b/");
        put("x".getBytes(UTF_8), "media/_/${env:HOME}");
        assertThat(names("media/_/"))
                .containsExactlyInAnyOrder("media/_/@file", "media/_/a//b/", "media/_/${env:HOME}");
    }

    @Test
    void backendsNamesEachBackendWithItsRolesAndOptions() {
        assertThat(Run.of("backends").succeeds().out())
                .contains("localfs  (", "inmemory  (change-log, high-volume, long-term)")
                .containsPattern("path +required ")
                .containsPattern("fsync +default always ");
        assertThat(Run.of("backends", "--json").succeeds().json())
                .extracting(json -> json.path("name").asText())
                .containsExactly("bigtable", "gcs", "inmemory", "localfs", "rocksdb", "s3");
    }

    @Test
    void backendsShowsTheFormOfEachUrl() {
        assertThat(Run.of("backends").succeeds().out())
                .containsSubsequence(
                        "inmemory  (",
                        "    terrace:inmemory://<any-name>\n",
                        "localfs  (",
                        "    terrace:localfs:///<path>\n");
        assertThat(Run.of("backends", "--json").succeeds().json())
                .extracting(json -> json.path("url").asText())
                .containsExactly(
                        "terrace:bigtable://<project>/<instance>/<table>",
                        "terrace:gcs://<bucket>/<prefix...>",
                        "terrace:inmemory://<any-name>",
                        "terrace:localfs:///<path>",
                        "terrace:rocksdb:///<path>",
                        "terrace:s3://<bucket>/<prefix...>");
    }
}
