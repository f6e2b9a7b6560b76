// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** One command, run through the main entry, and what came of it. */
final class Run {

    private final int exitCode;
    private final byte[] out;
    private final String err;

    private Run(int exitCode, byte[] out, String err) {
        this.exitCode = exitCode;
        this.out = out;
        this.err = err;
    }

    static Run of(String... arguments) {
        return withInput(new byte[0], arguments);
    }

    static Run withInput(byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, false, UTF_8),
                false);
        int exitCode = Cli.run(console, arguments);
        console.out().flush();
        console.err().flush();
        return new Run(exitCode, out.toByteArray(), err.toString(UTF_8));
    }

    Run succeeds() {
        assertThat(err).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.OK);
        return this;
    }

    /** What every failure owes a person: the code, one clear message, no stack trace, nothing on standard output. */
    Run fails(int code, String... mentioned) {
        assertThat(exitCode).as(err).isEqualTo(code);
        assertThat(err).startsWith("terrace: ").doesNotContain("\tat ", "Exception");
        assertThat(List.of(mentioned)).allSatisfy(text -> assertThat(err).contains(text));
        assertThat(out()).isEmpty();
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    String err() {
        return err;
    }

    byte[] bytes() {
        return out;
    }

    String out() {
        return new String(out, UTF_8);
    }

    List<String> lines() {
        return out().lines().toList();
    }

    List<JsonNode> json() {
        return lines().stream().map(Run::parse).toList();
    }

    static JsonNode parse(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
