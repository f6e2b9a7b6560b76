// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the tables that pair the reference's tests with ours, and finds ours in the sources of all modules. */
final class ReferenceTable {
    private static final Pattern HEADING = Pattern.compile("## (.+) \\((\\d+)\\)");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final Pattern NAMED_RULE = Pattern.compile("\\b[A-Z]{2}-\\d+\\.\\d+\\b");
    private static final Pattern TESTED_RULE =
            Pattern.compile("- \\*\\*([A-Z]{2}-\\d+\\.\\d+)\\*\\*(?!.* Not tested: ).*");
    private static final String REASON = "Does not apply: ";

    private final Map<String, String> sources;
    private final Set<String> rules;

    /**
     * @param sources test classes by simple name
     * @param spec the pages with the rules that every backend is tested for
     */
    ReferenceTable(Map<String, String> sources, List<String> spec) {
        this.sources = sources;
        this.rules = spec.stream()
                .flatMap(String::lines)
                .map(TESTED_RULE::matcher)
                .filter(Matcher::matches)
                .map(rule -> rule.group(1))
                .collect(Collectors.toSet());
    }

    /** The pages of the specification. */
    static List<String> specOf(Path repository) {
        try (Stream<Path> pages = Files.list(repository.resolve("docs/spec"))) {
            return pages.map(ReferenceTable::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The test classes of every module of the repository. */
    static Map<String, String> sourcesOf(Path repository) {
        try (Stream<Path> files = Files.find(
                repository,
                20,
                (file, attributes) -> file.toString().contains("/src/test/java/")
                        && file.getFileName().toString().endsWith("Test.java"))) {
            return files.collect(Collectors.toMap(
                    file -> file.getFileName().toString().replace(".java", ""),
                    ReferenceTable::read,
                    (one, another) -> one + another));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a page; empty if nothing is. */
    List<String> problems(String page) {
        List<String> problems = new ArrayList<>();
        String section = "";
        int announced = 0;
        int rows = 0;
        for (String line : (page + "\n## end (0)").lines().toList()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                if (rows != announced) {
                    problems.add(section + " announces " + announced + " tests and has " + rows);
                }
                section = heading.group(1);
                announced = Integer.parseInt(heading.group(2));
                rows = 0;
            } else if (line.startsWith("| `")) {
                rows++;
                checkRow(line, problems);
            }
        }
        return problems;
    }

    private void checkRow(String row, List<String> problems) {
        String[] cells = row.split("\\|");
        String here = cells.length == 4 ? cells[3].trim() : "";
        if (here.startsWith(REASON)) {
            if (here.length() < REASON.length() + 20) {
                problems.add("no reason: " + row);
            }
            return;
        }
        Matcher named = NAMED_TEST.matcher(here);
        boolean any = false;
        while (named.find()) {
            any = true;
            if (!exists(named.group(1), named.group(2))) {
                problems.add("no such test: " + named.group());
            }
        }
        Matcher rule = NAMED_RULE.matcher(here);
        while (rule.find()) {
            any = true;
            if (!rules.contains(rule.group())) {
                problems.add("no such rule, or none that is tested: " + rule.group());
            }
        }
        if (!any) {
            problems.add("neither a test nor a reason: " + row);
        }
    }

    /** A test, and not just a method: one of the annotations stands in the paragraph that leads to the name. */
    private boolean exists(String type, String method) {
        String source = sources.getOrDefault(type, "");
        int at = source.indexOf("void " + method + "(");
        String paragraph = at < 0 ? "" : source.substring(source.lastIndexOf("\n\n", at) + 1, at);
        return paragraph.contains("@Test") || paragraph.contains("@ParameterizedTest");
    }
}
