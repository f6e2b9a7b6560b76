// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The entry point of the {@code terrace} command. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String... arguments) {
        // Not System.out: its encoding follows the locale, and names may hold any character.
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        int exitCode = Cli.run(new Console(System.in, out, err, Boolean.getBoolean("terrace.terminal")), arguments);
        out.flush();
        err.flush();
        System.exit(exitCode);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }
}
