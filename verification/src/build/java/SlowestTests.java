// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the slowest tests of a build, from the reports that Surefire left in all modules. Run as a single-file program
 * by the last step of the build: {@code java SlowestTests.java <root> <start of the build> <how many>}.
 */
public final class SlowestTests {
    private record TestCase(String module, String test, double seconds) {}

    public static void main(String[] args) throws IOException, XMLStreamException {
        Path root = Path.of(args[0]);
        Instant start = Instant.parse(args[1]);
        int count = Integer.parseInt(args[2]);

        List<TestCase> tests = new ArrayList<>();
        for (Path report : reports(root)) {
            // A report from an earlier build may belong to a test that is gone, or that this build did not run.
            if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
                read(root, report, tests);
            }
        }
        if (tests.isEmpty()) {
            System.out.println("No tests ran.");
            return;
        }
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

    private static void read(Path root, Path report, List<TestCase> into) throws IOException, XMLStreamException {
        String module =
                root.relativize(report.getParent().getParent().getParent()).toString();
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    String time = xml.getAttributeValue(null, "time").replace(",", "");
                    String test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                    into.add(new TestCase(module, test, Double.parseDouble(time)));
                }
            }
        }
    }
}
