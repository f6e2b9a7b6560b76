// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the slowest tests of a build and those that were skipped, from the reports that Surefire left in all modules. Run as
 * a single-file program by the last step of the build: {@code java TestReport.java <root> <start of the build> <how many>}.
 */
public final class TestReport {
    private record TestCase(String module, String test, double seconds) {}

    private record Skipped(String module, String reason) {}

    private final List<TestCase> tests = new ArrayList<>();
    private final Map<Skipped, List<String>> skipped = new LinkedHashMap<>();

    private TestReport() {}

    public static void main(String[] args) throws IOException, XMLStreamException {
        Path root = Path.of(args[0]);
        Instant start = Instant.parse(args[1]);
        int count = Integer.parseInt(args[2]);

        TestReport all = new TestReport();
        for (Path report : reports(root)) {
            // A report from an earlier build may belong to a test that is gone, or that this build did not run.
            if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
                all.read(root, report);
            }
        }
        if (all.tests.isEmpty()) {
            System.out.println("No tests ran.");
            return;
        }
        all.printSkipped();
        all.printSlowest(count);
    }

    private void printSkipped() {
        skipped.forEach((what, names) -> System.out.println(
                "Skipped in " + what.module() + ", " + what.reason() + ": " + String.join(", ", names)));
    }

    private void printSlowest(int count) {
        tests.sort(Comparator.comparingDouble(TestCase::seconds).reversed());
        double total = tests.stream().mapToDouble(TestCase::seconds).sum();
        System.out.printf(
                Locale.ROOT,
                "Slowest %d of %d tests (%.1f s in all):%n",
                Math.min(count, tests.size()),
                tests.size(),
                total);
        tests.stream()
                .limit(count)
                .forEach(t -> System.out.printf(Locale.ROOT, "%9.3f s  %s  %s%n", t.seconds(), t.module(), t.test()));
    }

    /** Modules lie at most two directories deep, so their reports lie at most five. */
    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.find(
                root,
                5,
                (file, attributes) -> attributes.isRegularFile()
                        && file.getParent().endsWith(Path.of("target", "surefire-reports"))
                        && file.getFileName().toString().matches("TEST-.*\\.xml"))) {
            return files.toList();
        }
    }

    private void read(Path root, Path report) throws IOException, XMLStreamException {
        String module =
                root.relativize(report.getParent().getParent().getParent()).toString();
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (xml.getLocalName().equals("testcase")) {
                    String time = xml.getAttributeValue(null, "time").replace(",", "");
                    String test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                    tests.add(new TestCase(module, test, Double.parseDouble(time)));
                } else if (xml.getLocalName().equals("skipped")) {
                    String test = tests.get(tests.size() - 1).test();
                    skipped.computeIfAbsent(new Skipped(module, reasonAt(xml)), of -> new ArrayList<>())
                            .add(test.substring(test.lastIndexOf('.', test.lastIndexOf('.') - 1) + 1));
                }
            }
        }
    }

    /** An attribute, or the first line of a stack trace, after the name of the exception. */
    private static String reasonAt(XMLStreamReader xml) throws XMLStreamException {
        String message = xml.getAttributeValue(null, "message");
        String reason = message == null
                ? xml.getElementText().strip().lines().findFirst().orElse("")
                : message;
        return reason.replaceFirst("^(\\S+: )?Assumption failed: ", "");
    }
}
