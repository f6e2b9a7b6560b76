// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.localfs.Failpoint.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Looks on at every step of durable writes and keeps in mind what the disk was made to keep: the content of a file when it
 * was forced, the names in a directory when that was forced. From that it makes the directory that a crash would leave.
 *
 * <p>Killing a process does not show what fsync is for, since the page cache survives it; this does.
 */
final class SimulatedDisk implements Failpoint {

    private final Path root;
    private final Step ignored;
    private final Map<Object, byte[]> contents = new HashMap<>();
    private final Map<Path, Map<String, Object>> identities = new HashMap<>();
    private Runnable beforeEachStep = () -> {};

    /** @param ignored a step whose effect the disk loses, to show that it is needed; {@code null} for an honest disk */
    SimulatedDisk(Path root, Step ignored) {
        this.root = root;
        this.ignored = ignored;
    }

    void beforeEachStep(Runnable action) {
        this.beforeEachStep = action;
    }

    @Override
    public synchronized void at(Step step, Path path) throws IOException {
        beforeEachStep.run();
        if (step == ignored) {
            return;
        }
        if (step == Step.FORCE_FILE) {
            contents.put(identityOf(path), Files.readAllBytes(path));
        } else if (step == Step.FORCE_DIRECTORY) {
            identities.put(path, identitiesIn(path));
        } else if (step == Step.WRITE && Files.size(path) == 0) {
            // The number of a file that is gone may be used again.
            contents.remove(identityOf(path));
        }
    }

    /** What is left when the power fails and the disk has kept nothing that it was not made to keep. */
    synchronized void afterPowerFailure(Path target) throws IOException {
        copy(root, target, null);
    }

    /** The same, but of what it was not made to keep it has kept some. */
    synchronized void afterPowerFailure(Path target, Random some) throws IOException {
        copy(root, target, some);
    }

    private void copy(Path from, Path to, Random some) throws IOException {
        Files.createDirectories(to);
        boolean current = some != null && some.nextBoolean();
        Map<String, Object> entries = current ? identitiesIn(from) : identities.getOrDefault(from, Map.of());
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
            Path source = from.resolve(entry.getKey());
            Path target = to.resolve(entry.getKey());
            if (source.equals(root.resolve("tmp")) || source.equals(root.resolve("LOCK"))) {
                continue;
            }
            if (entry.getValue().equals("directory")) {
                copy(source, target, some);
            } else {
                boolean whole = some != null && some.nextBoolean() && Files.exists(source);
                byte[] kept = contents.getOrDefault(entry.getValue(), new byte[0]);
                Files.write(
                        target,
                        whole && entry.getValue().equals(identityOf(source)) ? Files.readAllBytes(source) : kept);
            }
        }
    }

    private static Map<String, Object> identitiesIn(Path directory) throws IOException {
        Map<String, Object> found = new HashMap<>();
        for (Path child : children(directory)) {
            found.put(child.getFileName().toString(), Files.isDirectory(child) ? "directory" : identityOf(child));
        }
        return found;
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new ArrayList<>();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    private static Object identityOf(Path path) throws IOException {
        return Files.getAttribute(path, "fileKey");
    }
}
