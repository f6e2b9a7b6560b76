// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A report of the kit: what one conformance test found. */
record SupportReport(
        String test, String backend, String role, List<String> capabilities, List<String> facets, List<Line> rules) {

    /** What became of a rule. */
    record Line(String rule, String outcome, String reason, String url) {

        /** The number of its group, such as {@code HV-1}. */
        String group() {
            return rule.substring(0, rule.indexOf('.'));
        }

        boolean is(String wanted) {
            return outcome.equals(wanted);
        }
    }

    /** All that were written since then below the modules whose names begin with {@code backend-}. */
    static List<SupportReport> writtenSince(Instant start, Path root) throws IOException {
        List<SupportReport> reports = new ArrayList<>();
        for (Path file : find(root, "target/terrace-conformance/*.json")) {
            if (!Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
                reports.add(parse(Files.readString(file)));
            }
        }
        return reports;
    }

    /** The conformance tests that an ordinary build runs in those modules, as their sources say. */
    static Set<String> tests(Path root) throws IOException {
        Set<String> tests = new TreeSet<>();
        for (Path source : find(root, "src/test/java/**{Conformance,Wire}Test.java")) {
            String text = Files.readString(source);
            if (!text.contains("@Tag(")) {
                String path = source.toString().replace('\\', '/');
                int begin = path.indexOf("src/test/java/") + "src/test/java/".length();
                tests.add(
                        path.substring(begin, path.length() - ".java".length()).replace('/', '.'));
            }
        }
        return tests;
    }

    static SupportReport parse(String json) {
        try {
            JsonNode report = new ObjectMapper().readTree(json);
            List<Line> rules = new ArrayList<>();
            report.get("rules")
                    .forEach(rule -> rules.add(new Line(
                            rule.get("rule").asText(),
                            rule.get("outcome").asText(),
                            rule.path("reason").asText(),
                            rule.path("url").asText())));
            String variant = report.get("variant").asText();
            return new SupportReport(
                    report.get("test").asText(),
                    report.get("backend").asText() + (variant.isEmpty() ? "" : " (" + variant + ")"),
                    report.get("role").asText(),
                    texts(report.get("capabilities")),
                    texts(report.get("facets")),
                    rules);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** Whether every rule was tried, as is not so in a build of a few tests. */
    boolean isComplete() {
        return rules.stream().noneMatch(rule -> rule.is("not-run"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static List<Path> find(Path root, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var modules = Files.newDirectoryStream(root, "backend-*")) {
            for (Path module : modules) {
                var matcher = module.getFileSystem().getPathMatcher("glob:" + module + "/" + glob);
                try (var files = Files.walk(module)) {
                    files.filter(matcher::matches).sorted().forEach(found::add);
                }
            }
        }
        return found;
    }
}
