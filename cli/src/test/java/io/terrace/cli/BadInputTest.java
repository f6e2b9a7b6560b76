// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {

    @TempDir
    Path temp;

    private String data;

    @BeforeEach
    void nameTheStore() {
        data = temp.resolve("store").toString();
    }

    private void storeOne() {
        Run.withInput("x".getBytes(UTF_8), "put", "-", "u/_/k", "--data", data).succeeds();
    }

    @Test
    void noCommandAndAnUnknownOneAreRefused() {
        Run.of().fails(ExitCode.USAGE, "a command is missing", "--help");
        Run.of("lss").fails(ExitCode.USAGE, "lss", "Did you mean", "terrace ls");
        Run.of("backends", "--jsonn").fails(ExitCode.USAGE, "--jsonn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put absent u/_/k", "get u/_/k -", "head u/_/k", "rm u/_/k", "ls", "verify", "recover"})
    void eachCommandAsksForTheStore(String command) {
        Run.of(command.split(" ")).fails(ExitCode.USAGE, "--data", "--store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "get", "head", "rm"})
    void eachCommandAsksForItsArguments(String command) {
        Run.of(command, "--data", data).fails(ExitCode.USAGE, "NAME", "Try 'terrace " + command + " --help'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k",
                "u/k",
                "u/_/",
                "u//k",
                "/_/k",
                "u/org/k",
                "u/org=1;/k",
                "u/o.g=1/k",
                "ü/_/k",
                "u/_/a\nb",
                "u/_/../k",
                "u/_/\ud800"
            })
    void aNameThatIsNoneIsRefused(String name) {
        Run.of("head", name, "--data", data).fails(ExitCode.USAGE, "NAME");
        Run.of("rm", "u/_/k", name, "--data", data).fails(ExitCode.USAGE);
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aPrefixThatNoNameCanHaveIsRefused() {
        storeOne();
        Run.of("ls", "u/org=1;/k", "--data", data).fails(ExitCode.USAGE, "org=1;");
    }

    @Test
    void onlyPutMakesAStore() {
        for (String command : new String[] {"head", "rm"}) {
            Run.of(command, "u/_/k", "--data", data).fails(ExitCode.USAGE, "no store", data, "put");
        }
        for (String command : new String[] {"ls", "verify", "recover"}) {
            Run.of(command, "--data", data).fails(ExitCode.USAGE, "no store");
        }
        Run.of("get", "u/_/k", "-", "--data", data).fails(ExitCode.USAGE, "no store");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsNoStoreIsLeftAlone() throws IOException {
        Path foreign = Files.writeString(temp.resolve("letter"), "dear");
        Run.withInput(new byte[1], "put", "-", "u/_/k", "--data", temp.toString())
                .fails(ExitCode.USAGE, "not a store", "letter");
        Run.of("ls", "--data", foreign.toString()).fails(ExitCode.USAGE, "not a directory");
        assertThat(temp).isDirectoryContaining("glob:**letter");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        Run.of("put", temp.resolve("absent").toString(), "u/_/k", "--data", data)
                .fails(ExitCode.LOCAL_IO, "absent", "does not exist");
        Run.of("put", temp.toString(), "u/_/k", "--data", data).fails(ExitCode.LOCAL_IO, "is a directory");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        storeOne();
        Run.of("get", "u/_/k", temp.toString(), "--data", data).fails(ExitCode.LOCAL_IO, "is a directory");
        Run.of("get", "u/_/k", temp.resolve("no/such/file").toString(), "--data", data)
                .fails(ExitCode.LOCAL_IO, "lies in none");
    }

    @Test
    void aGetOfNothingLeavesTheFileAsItWas() throws IOException {
        storeOne();
        Path older = Files.writeString(temp.resolve("older"), "older");
        Run.of("get", "u/_/absent", older.toString(), "--data", data).fails(ExitCode.NOT_FOUND, "u/_/absent");
        assertThat(older).hasContent("older");
        assertThat(temp).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void metadataThatIsNoneIsRefusedBeforeAnythingIsMade() {
        for (String[] option : new String[][] {
            {"--expire", "soon"}, {"--expire", "ttl:x"}, {"--type", "a b"}, {"--meta", "novalue"}, {"--meta", "=1"}
        }) {
            Run.withInput(new byte[1], "put", "-", "u/_/k", "--data", data, option[0], option[1])
                    .fails(ExitCode.USAGE);
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aRangeThatIsNoneOrSelectsNothingIsRefused() {
        storeOne();
        for (String range : new String[] {"x", "5", "4-2", "-0", "0-0,2-3", "1-"}) {
            Run.of("get", "u/_/k", "-", "--data", data, "--range=" + range).fails(ExitCode.USAGE, "range");
        }
    }

    @Test
    void jsonAndTheObjectDoNotShareStandardOutput() {
        Run run = Run.of("get", "u/_/k", "-", "--data", data, "--json");
        JsonNode error = Run.parse(run.err()).path("error");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(error.path("code").asText()).isEqualTo("usage");
        assertThat(error.path("exit").asInt()).isEqualTo(ExitCode.USAGE);
        assertThat(error.path("message").asText()).contains("name a file");
    }

    @Test
    void errorsAreJsonIfTheOutputIs() {
        assertThat(Run.parse(Run.of("head", "u", "--json").err())
                        .path("error")
                        .path("exit")
                        .asInt())
                .isEqualTo(ExitCode.USAGE);
        storeOne();
        assertThat(Run.parse(Run.of("head", "u/_/absent", "--json", "--data", data)
                                .err())
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("object.absent");
    }

    @Test
    void anInputThatBreaksStoresNothing() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return read();
            }
        };
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        Console console = new Console(broken, err, err, false);
        assertThat(Cli.run(console, "put", "-", "u/_/k", "--data", data)).isEqualTo(ExitCode.LOCAL_IO);
        Run.of("head", "u/_/k", "--data", data).fails(ExitCode.NOT_FOUND);
    }

    @Test
    void anOutputThatNobodyReadsEndsTheCommand() {
        storeOne();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        PrintStream out = new PrintStream(closed, false, UTF_8);
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, out, false);
        assertThat(Cli.run(console, "get", "u/_/k", "-", "--data", data)).isEqualTo(ExitCode.LOCAL_IO);
        assertThat(Cli.run(console, "ls", "--data", data)).isEqualTo(ExitCode.LOCAL_IO);
    }

    @Test
    void helpNamesTheCommandsAndTheExitCodes() {
        assertThat(Run.of("--help").succeeds().out())
                .contains("put", "get", "head", "rm", "ls", "verify", "recover", "backends", "Exit codes:")
                .containsPattern("5 +the outcome of a write is unknown");
        Cli.commandLine(new Console(System.in, System.out, System.err, false))
                .getSubcommands()
                .forEach((name, command) -> {
                    if (!command.getCommandSpec().usageMessage().hidden()) {
                        assertThat(Run.of(name, "--help").succeeds().out()).startsWith("Usage: terrace " + name);
                    }
                });
    }
}
