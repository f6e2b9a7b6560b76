// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.terrace.ByteRange;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectId;
import io.terrace.TerraceException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole. */
final class Cli {

    private Cli() {}

    /** Runs one command. Never throws. */
    static int run(Console console, String... arguments) {
        return commandLine(console).execute(arguments);
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new TerraceCommand());
        List.of(
                        new PutCommand(console),
                        new GetCommand(console),
                        new HeadCommand(console),
                        new RmCommand(console),
                        new LsCommand(console),
                        new VerifyCommand(console),
                        new RecoverCommand(console),
                        new InitCommand(console),
                        new BackendsCommand(console),
                        new DemoCommand(console),
                        new DemoWriter(console))
                .forEach(line::addSubcommand);
        return line.registerConverter(ObjectId.class, converter(ObjectId::parse))
                .registerConverter(ExpirationPolicy.class, converter(ExpirationPolicy::parse))
                .registerConverter(ByteRange.class, converter(Cli::range))
                // Names are literal: one that begins with @ is not a file of arguments.
                .setExpandAtFiles(false)
                .setOut(new PrintWriter(console.out(), true, UTF_8))
                .setErr(new PrintWriter(console.err(), true, UTF_8))
                .setParameterExceptionHandler((error, given) -> misused(console, error, List.of(given)))
                .setExecutionExceptionHandler((error, command, parsed) -> failed(console, error, isJson(command)));
    }

    private static int misused(Console console, ParameterException error, List<String> given) {
        CommandLine command = error.getCommandLine();
        if (given.contains("--json")) {
            return failed(console, Failure.usage(String.valueOf(error.getMessage())), true);
        }
        console.err().println("terrace: " + error.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(error, new PrintWriter(console.err(), true, UTF_8))) {
            console.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    private static int failed(Console console, Exception error, boolean json) {
        Failure failure = Failure.of(error);
        console.err().println(json ? Json.line(Json.of(failure)) : "terrace: " + failure.sentence());
        if (System.getenv("TERRACE_TRACE") != null) {
            failure.printStackTrace(console.err());
        }
        return failure.exitCode();
    }

    private static boolean isJson(CommandLine command) {
        return command.getCommand() instanceof SpeaksJson speaks && speaks.json();
    }

    private static ByteRange range(String text) {
        return ByteRange.parseHeader("bytes=" + text)
                .orElseThrow(() -> new TypeConversionException("several ranges at once are not possible"));
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (TerraceException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        };
    }
}
