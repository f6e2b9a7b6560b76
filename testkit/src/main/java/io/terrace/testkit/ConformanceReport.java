// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one class of the kit found, as a file that a table of support can be made from. */
final class ConformanceReport {

    /**
     * What is under test.
     *
     * @param backend the name by which it is asked for
     * @param role what it was tested as
     * @param capabilities those that it declares
     * @param facets the optional abilities that it was found to have
     */
    record Subject(String backend, String role, Collection<String> capabilities, Collection<String> facets) {}

    /**
     * How the test of a rule ended.
     *
     * @param name what a reader of the report sees
     * @param reason why, if it was not simply kept
     * @param url where a deviation is discussed
     */
    record Outcome(
            String name, @Nullable String reason, @Nullable URI url) {

        static final Outcome KEPT = new Outcome("kept", null, null);
        static final Outcome NOT_RUN = new Outcome("not-run", null, null);

        static Outcome broken(Throwable failure) {
            return new Outcome("broken", String.valueOf(failure.getMessage()), null);
        }

        static Outcome skipped(@Nullable String reason) {
            return new Outcome("skipped", reason, null);
        }

        static Outcome deviates(KnownDeviation known) {
            return new Outcome("deviates", known.reason(), known.url());
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Class<?> test;
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private volatile @Nullable Subject subject;
    private volatile String variant = "";

    ConformanceReport(Class<?> test) {
        this.test = test;
    }

    void describe(ConformanceTest kit) {
        if (subject == null) {
            variant = kit.variant();
            subject = kit.subject();
        }
    }

    void ended(Rule rule, Outcome outcome) {
        outcomes.put(rule.value(), outcome);
    }

    /**
     * Writes what is known, in place of an earlier report of this class. Nothing if no test got as far as to have a backend.
     *
     * @param writers which class has written which file
     * @throws IllegalStateException if another class has written it
     */
    void write(Path directory, Map<Path, Class<?>> writers) throws IOException {
        Subject tested = subject;
        if (tested == null) {
            return;
        }
        Files.createDirectories(directory);
        String name = tested.backend() + "-" + tested.role() + (variant.isEmpty() ? "" : "-" + variant) + ".json";
        Path file = directory.resolve(name);
        Class<?> first = writers.putIfAbsent(file.toAbsolutePath(), test);
        if (first != null && first != test) {
            throw new IllegalStateException(first.getName() + " and " + test.getName() + " both report to " + file
                    + ". Override variant() in one of them.");
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), toJson(tested));
    }

    private ObjectNode toJson(Subject tested) {
        ObjectNode report = JSON.createObjectNode();
        report.put("kit", version());
        report.put("test", test.getName());
        report.put("backend", tested.backend());
        report.put("role", tested.role());
        report.put("variant", variant);
        tested.capabilities().stream().sorted().forEach(report.putArray("capabilities")::add);
        tested.facets().stream().sorted().forEach(report.putArray("facets")::add);
        var rules = report.putArray("rules");
        Rules.in(test).stream().sorted(Rules.IN_ORDER).forEach(rule -> {
            Outcome outcome = outcomes.getOrDefault(rule.value(), Outcome.NOT_RUN);
            ObjectNode line = rules.addObject();
            line.put("rule", rule.value());
            line.put("requirement", rule.requirement().name());
            line.put("outcome", outcome.name());
            if (outcome.reason() != null) {
                line.put("reason", outcome.reason());
            }
            if (outcome.url() != null) {
                line.put("url", outcome.url().toString());
            }
        });
        return report;
    }

    /** Of the kit's jar; classes that are run from a directory have none. */
    private static String version() {
        String version = ConformanceReport.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
