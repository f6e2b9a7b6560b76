// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.SweepReport;
import java.util.Objects;
import picocli.CommandLine.Command;

/** Settles what dead processes left behind. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = "Settle the changes that a dead process left open, then delete blobs that nothing refers to. "
                + "Other commands settle open changes too, but do not look for such blobs.")
final class RecoverCommand extends StoreCommand {

    RecoverCommand(Console console) {
        super(console);
    }

    /** So that the report is about all there is. */
    @Override
    EmbeddedStore.Opening opening() {
        return super.opening().withoutRecovery();
    }

    @Override
    int run(EmbeddedStore store) {
        RecoveryReport changes =
                Objects.requireNonNull(store.objects().recover().block());
        SweepReport blobs = Objects.requireNonNull(store.objects().sweep().block());
        console.print(json ? Json.line(node(changes, blobs)) : text(changes, blobs));
        if (changes.failed() + blobs.failed() > 0) {
            throw Failure.unavailable("something could not be settled now; run recover again");
        }
        return ExitCode.OK;
    }

    private static String text(RecoveryReport changes, SweepReport blobs) {
        return String.format(
                "changes: %d settled, %d pinned, %d failed%nblobs: %d kept, %d deleted, %d pinned, %d failed",
                changes.settled(),
                changes.pinned(),
                changes.failed(),
                blobs.kept(),
                blobs.deleted(),
                blobs.pinned(),
                blobs.failed());
    }

    private static ObjectNode node(RecoveryReport changes, SweepReport blobs) {
        ObjectNode node = Json.object();
        node.putObject("changes")
                .put("settled", changes.settled())
                .put("pinned", changes.pinned())
                .put("failed", changes.failed());
        node.putObject("blobs")
                .put("kept", blobs.kept())
                .put("deleted", blobs.deleted())
                .put("pinned", blobs.pinned())
                .put("failed", blobs.failed());
        return node;
    }
}
