// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link Sink} in a process of its own, so that nothing of it is in the figures of the clients. */
final class SinkProcess implements AutoCloseable {

    private final Process process;
    private final String address;

    SinkProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        address = "http://127.0.0.1:" + said.readLine();
    }

    URI address() {
        return URI.create(address);
    }

    /** How many requests have come. */
    long requests() throws IOException {
        try (InputStream answer = URI.create(address + Sink.COUNT).toURL().openStream()) {
            return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
