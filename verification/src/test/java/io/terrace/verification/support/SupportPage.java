// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the page {@code docs/support.md}. */
final class SupportPage {

    private static final Pattern GROUP = Pattern.compile("## ([A-Z]{2}-\\d+) (.+)");
    private static final Map<String, String> ROLES = new LinkedHashMap<>();

    static {
        ROLES.put("high-volume", "Rows");
        ROLES.put("high-volume-wire", "Rows behind a network that breaks");
        ROLES.put("long-term", "Blobs");
        ROLES.put("long-term-wire", "Blobs behind a network that breaks");
        ROLES.put("change-log", "Change log");
        ROLES.put("provider", "Discovery and configuration");
    }

    private final Map<String, String> titles;

    /** @param titles what each group of rules is about, by its number */
    SupportPage(Map<String, String> titles) {
        this.titles = titles;
    }

    /** The groups as the pages of {@code docs/spec} name them. */
    static Map<String, String> titles(Path spec) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        try (var pages = Files.newDirectoryStream(spec, "*.md")) {
            for (Path page : pages) {
                for (String line : Files.readAllLines(page)) {
                    Matcher group = GROUP.matcher(line);
                    if (group.matches()) {
                        titles.put(group.group(1), group.group(2));
                    }
                }
            }
        }
        return titles;
    }

    String of(List<SupportReport> reports) {
        StringBuilder page = new StringBuilder();
        page.append("# What each backend keeps\n\n");
        page.append(
                "Made from the reports of the conformance kit; the build fails if it does not say what they say.\n");
        page.append(
                "[CONTRIBUTING](../CONTRIBUTING.md#tests) has the command. The rules are in [spec](spec/README.md).\n");
        ROLES.forEach((role, title) -> {
            List<SupportReport> columns = reports.stream()
                    .filter(report -> report.role().equals(role))
                    .sorted(Comparator.comparing(SupportReport::backend))
                    .toList();
            if (!columns.isEmpty()) {
                page.append("\n## ").append(title).append("\n\n").append(table(columns));
                page.append(notes(columns));
            }
        });
        return page.toString();
    }

    private String table(List<SupportReport> columns) {
        StringBuilder table = new StringBuilder();
        table.append(row("", columns.stream().map(SupportReport::backend)));
        table.append("|---|").append("---|".repeat(columns.size())).append('\n');
        if (columns.stream().anyMatch(column -> !column.capabilities().isEmpty())) {
            table.append(row("declares", columns.stream().map(column -> list(column.capabilities()))));
        }
        if (columns.stream().anyMatch(column -> !column.facets().isEmpty())) {
            table.append(row("facets", columns.stream().map(column -> list(column.facets()))));
        }
        columns.get(0).rules().stream()
                .map(SupportReport.Line::group)
                .distinct()
                .forEach(group -> table.append(row(
                        group + " " + titles.getOrDefault(group, ""),
                        columns.stream().map(column -> cell(column, group)))));
        return table.toString();
    }

    private static String cell(SupportReport column, String group) {
        List<SupportReport.Line> rules = column.rules().stream()
                .filter(rule -> rule.group().equals(group))
                .toList();
        if (rules.stream().allMatch(rule -> rule.is("skipped"))) {
            return "does not apply";
        }
        String cell = "kept";
        for (String other : List.of("skipped", "deviates", "broken", "not-run")) {
            String which = rules.stream()
                    .filter(rule -> rule.is(other))
                    .map(SupportReport.Line::rule)
                    .collect(Collectors.joining(", "));
            if (!which.isEmpty()) {
                cell += "; " + (other.equals("skipped") ? "does not apply" : other) + ": " + which;
            }
        }
        return cell;
    }

    private static String notes(List<SupportReport> columns) {
        StringBuilder notes = new StringBuilder();
        for (SupportReport column : columns) {
            Map<String, List<SupportReport.Line>> byReason = column.rules().stream()
                    .filter(rule -> !rule.is("kept"))
                    .collect(Collectors.groupingBy(
                            rule -> rule.reason() + (rule.url().isEmpty() ? "" : " (" + rule.url() + ")"),
                            LinkedHashMap::new,
                            Collectors.toList()));
            byReason.forEach((reason, rules) -> notes.append("- ")
                    .append(column.backend())
                    .append(", ")
                    .append(rules.stream().map(SupportReport.Line::rule).collect(Collectors.joining(", ")))
                    .append(": ")
                    .append(reason.replace("Assumption failed: ", "").replaceAll("\\s+", " "))
                    .append('\n'));
        }
        return notes.isEmpty() ? "" : "\n" + notes;
    }

    private static String list(List<String> texts) {
        return texts.isEmpty() ? "nothing" : String.join(", ", texts);
    }

    private static String row(String head, Stream<String> cells) {
        return "| " + head + " | " + cells.collect(Collectors.joining(" | ")) + " |\n";
    }
}
