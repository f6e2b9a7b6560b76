// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every published jar is a module that others can name, and no package is in two of them. */
class ModulesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern PUBLISHED =
            Pattern.compile("<artifactId>terrace-([a-z0-9-]+)</artifactId>\\s*<version>");
    private static final Pattern NAME = Pattern.compile("<terrace.module.name>([^<]+)</terrace.module.name>");

    @Test
    void eachHasAStableNameThatIsMadeFromThatOfItsArtifact() throws IOException {
        assertThat(published()).contains("core", "testkit").allSatisfy(module -> {
            Matcher name = NAME.matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
            assertThat(name.find())
                    .as("%s/pom.xml says terrace.module.name", module)
                    .isTrue();
            assertThat(name.group(1)).isEqualTo("io.terrace." + module.replace('-', '.'));
            ModuleDescriptor.newAutomaticModule(name.group(1));
        });
    }

    @Test
    void noPackageIsInTwo() throws IOException {
        Map<String, String> owners = new HashMap<>();
        for (String module : published()) {
            for (String name : packages(module)) {
                assertThat(owners.put(name, module))
                        .as("%s is in %s, too", name, module)
                        .isNull();
            }
        }
        assertThat(owners).containsKeys("io.terrace", "io.terrace.testkit");
    }

    /** What the BOM lists. */
    private static List<String> published() throws IOException {
        return PUBLISHED
                .matcher(Files.readString(ROOT.resolve("bom/pom.xml")))
                .results()
                .map(found -> found.group(1))
                .filter(module -> !module.equals("bom"))
                .toList();
    }

    private static Set<String> packages(String module) throws IOException {
        Path sources = ROOT.resolve(module).resolve("src/main/java");
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> packages.add(sources.relativize(file.getParent())
                            .toString()
                            .replace('/', '.')
                            .replace('\\', '.')));
        }
        return packages;
    }
}
