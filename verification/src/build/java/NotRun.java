// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names what a build has not tested: tests with a tag that it left out, servers that nobody named to it, and tests that had
 * nothing to check. Run as a single-file program by the last step of the build: {@code java NotRun.java <root> <groups that ran>}.
 */
public final class NotRun {

    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([a-z-]+)\"\\)");
    private static final Pattern MEMBER = Pattern.compile("(?:^|\\n)[^\\n*/@]*?(?:\\bclass (\\w+)|\\bvoid (\\w+)\\()");
    private static final Pattern SERVER = Pattern.compile("\"(TERRACE_TEST_[A-Z0-9]+_ENDPOINT)\"");

    private NotRun() {}

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        Set<String> ran = args.length > 1 ? Set.of(args[1].split(",")) : Set.of();
        Map<String, Set<String>> tagged = new TreeMap<>();
        Set<String> servers = new TreeSet<>();
        for (Path source : testSources(root)) {
            String text = Files.readString(source);
            String type = source.getFileName().toString().replace(".java", "");
            Matcher tag = TAG.matcher(text);
            while (tag.find()) {
                Matcher member = MEMBER.matcher(text);
                String name = !member.find(tag.end()) || member.group(1) != null ? type : type + "." + member.group(2);
                tagged.computeIfAbsent(tag.group(1), t -> new TreeSet<>()).add(name);
            }
            SERVER.matcher(text).results().forEach(found -> servers.add(found.group(1)));
        }
        tagged.keySet().removeAll(ran);
        servers.removeIf(variable -> System.getenv(variable) != null);
        tagged.forEach((tag, names) -> System.out.println("Not run, -P" + tag + " does: " + String.join(", ", names)));
        servers.forEach(variable -> System.out.println(
                "Not run: no server is named by " + variable + ", so only the one that the tests start"));
    }

    private static Set<Path> testSources(Path root) throws IOException {
        Set<Path> sources = new TreeSet<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(Files::isDirectory).toList()) {
                for (String set : new String[] {"test", "docker", "lincheck"}) {
                    Path directory = module.resolve("src").resolve(set);
                    if (Files.isDirectory(directory)) {
                        try (Stream<Path> files = Files.walk(directory)) {
                            files.filter(file -> file.toString().endsWith(".java"))
                                    .forEach(sources::add);
                        }
                    }
                }
            }
        }
        return sources;
    }
}
