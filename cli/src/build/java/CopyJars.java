// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Copies a jar and those of a class path into a directory, with the native library of one, and removes what else is there. */
final class CopyJars {

    public static void main(String... arguments) throws IOException {
        Path to = Files.createDirectories(Path.of(arguments[0]));
        Set<Path> jars = new LinkedHashSet<>();
        jars.add(Path.of(arguments[1]));
        for (String entry : arguments[2].split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                jars.add(Path.of(entry));
            }
        }
        // Removed, not overwritten: a command that is running keeps the files that it has open.
        try (DirectoryStream<Path> olds = Files.newDirectoryStream(to)) {
            for (Path old : olds) {
                Files.delete(old);
            }
        }
        for (Path jar : jars) {
            Files.copy(jar, to.resolve(jar.getFileName()));
            if (String.valueOf(jar.getFileName()).startsWith("rocksdbjni-")) {
                unpackLibrary(jar, to);
            }
        }
    }

    /** The native library of this platform: otherwise each run would unpack it for itself. Only for speed. */
    private static void unpackLibrary(Path jar, Path to) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                InputStream library = loader.getResourceAsStream(loader.loadClass("org.rocksdb.util.Environment")
                        .getMethod("getJniLibraryFileName", String.class)
                        .invoke(null, "rocksdb")
                        .toString())) {
            if (library != null) {
                Files.copy(library, to.resolve(System.mapLibraryName("rocksdbjni")));
            }
        } catch (ReflectiveOperationException | RuntimeException unknownPlatform) {
            return;
        }
    }
}
