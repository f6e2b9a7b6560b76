// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand: explains itself. */
@Command(
        name = "terrace",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Tiered object storage: small objects in rows, large ones in blobs, one consistent store.",
        footerHeading = "%nNames are usecase/scopes/key, as in 'media/org=17;project=42/a/b.jpg', with _%n"
                + "for no scopes, as in media/_/logo.svg. The key is taken literally.%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:stored data is wrong: verify found faults, an object is damaged, or the demo saw a mismatch",
            "2:the command, a name or an option is wrong; nothing was done",
            "3:there is no such object",
            "4:the store is busy or cannot be reached; nothing was done, try again",
            "5:the outcome of a write is unknown; read before you write again",
            "6:a local file, or standard input or output, failed",
            "7:a bug in this program, or it could not be built or run",
        })
final class TerraceCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
