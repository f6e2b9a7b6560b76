// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that runs one of the {@link Children}. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param temporary where the native library is left when the process is killed */
    static ChildProcess start(String what, Path temporary, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Children.class.getName(),
                what));
        for (Object argument : arguments) {
            command.add(String.valueOf(argument));
        }
        return new ChildProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that the process wrote, or {@code null} if it has ended. */
    String nextLine() throws IOException {
        return output.readLine();
    }

    void awaitLine(String expected) throws IOException {
        String line = nextLine();
        if (!expected.equals(line)) {
            throw new AssertionError("the process said " + line + " instead of " + expected);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Kills it with a signal that it cannot catch, and returns the lines that it had written. */
    List<String> kill() throws IOException, InterruptedException {
        // Not through the process itself, which would close its output.
        process.toHandle().destroyForcibly();
        List<String> rest = output.lines().toList();
        process.waitFor();
        return rest;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
