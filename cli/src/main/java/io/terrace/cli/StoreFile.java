// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigTree;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code terrace} of a YAML or JSON file. Other sections are for other programs. Values may refer to the
 * environment, and relative paths are relative to the directory of the file, so that it means the same from everywhere.
 */
final class StoreFile {

    private static final String SECTION = "terrace";

    private final Path file;

    private StoreFile(Path file) {
        this.file = file;
    }

    /** @throws Failure if it cannot be read; what it says is checked by whoever uses it */
    static ConfigTree read(Path file, Function<String, @Nullable String> environment) {
        return new StoreFile(file).read().withVariables(environment).relativeTo(directoryOf(file));
    }

    private ConfigTree read() {
        if (Files.isDirectory(file)) {
            throw Failure.usage("'" + file + "' is a directory; name a file with --store, or a directory with --data");
        }
        JsonFactory format = format();
        ConfigProblems problems = new ConfigProblems();
        try (Reader text = Files.newBufferedReader(file);
                JsonParser parser = format.createParser(text)) {
            Map<String, ?> root = new DocumentReader(parser, problems).read();
            ConfigTree tree = ConfigTree.of("", root).withProblems(problems);
            ConfigTree section = tree.section(SECTION, problems);
            if (section != null) {
                return section;
            }
            if (!root.containsKey(SECTION)) {
                tree.refuseOthers(List.of(SECTION), problems);
                problems.add("", "there is no section '" + SECTION + "', with the tiers and settings in it");
            }
            problems.throwIfAny("It does not describe a store");
            throw new IllegalStateException("a section that is missing is no problem");
        } catch (JsonProcessingException malformed) {
            throw malformed(malformed);
        } catch (NoSuchFileException missing) {
            throw Failure.usage("there is no file '" + file + "'; name one with --store");
        } catch (IOException unreadable) {
            throw Failure.usage("'" + file + "' cannot be read: " + unreadable);
        }
    }

    private JsonFactory format() {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return new YAMLFactory();
        }
        if (name.endsWith(".json")) {
            return new JsonFactory();
        }
        throw Failure.usage("'" + file + "' is neither YAML nor JSON by its name; let it end in .yaml, .yml or .json");
    }

    /** Without the parser's message, which quotes the file, and there may be secrets in it. */
    private Failure malformed(JsonProcessingException malformed) {
        var where = malformed.getLocation();
        return Failure.usage("'" + file + "' is malformed"
                + (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr())
                + "; look there at the indentation, quotes, colons and brackets");
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? Path.of("") : directory;
    }
}
