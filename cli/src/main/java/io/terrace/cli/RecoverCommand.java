// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.tiered.MaintenanceReport;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.SweepReport;
import java.util.Objects;
import picocli.CommandLine.Command;

/** Settles what dead processes left behind. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = "Settle the changes that a dead process left open, then remove what is not needed any more: "
                + "blobs that nothing refers to, expired objects, old markers. "
                + "Other commands settle open changes too, but remove nothing.")
final class RecoverCommand extends StoreCommand {

    RecoverCommand(Console console) {
        super(console);
    }

    /** So that the report is about all there is. */
    @Override
    boolean recovers() {
        return false;
    }

    @Override
    int run(OpenedStore store) {
        MaintenanceReport done =
                Objects.requireNonNull(store.objects().maintain().block());
        console.print(json ? Json.line(node(done)) : text(done.changes(), done.blobs(), done.rows()));
        if (!done.isComplete()) {
            throw Failure.unavailable("something could not be settled now; run recover again");
        }
        return ExitCode.OK;
    }

    private static String text(RecoveryReport changes, SweepReport blobs, long rows) {
        return String.format(
                "changes: %d settled, %d pinned, %d failed%n"
                        + "blobs: %d kept, %d deleted, %d expired, %d pinned, %d failed%n"
                        + "rows: %d removed",
                changes.settled(),
                changes.pinned(),
                changes.failed(),
                blobs.kept(),
                blobs.deleted(),
                blobs.expired(),
                blobs.pinned(),
                blobs.failed(),
                rows);
    }

    private static ObjectNode node(MaintenanceReport done) {
        RecoveryReport changes = done.changes();
        SweepReport blobs = done.blobs();
        ObjectNode node = Json.object();
        node.putObject("changes")
                .put("settled", changes.settled())
                .put("pinned", changes.pinned())
                .put("failed", changes.failed());
        node.putObject("blobs")
                .put("kept", blobs.kept())
                .put("deleted", blobs.deleted())
                .put("expired", blobs.expired())
                .put("pinned", blobs.pinned())
                .put("failed", blobs.failed());
        node.putObject("rows").put("removed", done.rows());
        return node;
    }
}
