// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import java.io.IOException;
import java.nio.file.Path;

/** What goes wrong, in Terrace's words. Each error says whether the write may have happened: that is what the engine needs. */
final class JournalErrors {

    static final String BACKEND = "journal";

    private JournalErrors() {}

    /** The record may be in the file, whole, and then the next opening finds it. */
    static Throwable of(Path directory, Throwable failed) {
        return failed instanceof IOException
                ? new OutcomeUnknownException(
                        BACKEND, "Writing to the journal in " + directory + " failed: " + failed, failed)
                : failed;
    }

    static BackendUnavailableException broken(Path directory) {
        return new BackendUnavailableException(
                BACKEND,
                "An earlier write to the journal in " + directory + " failed, and what follows it would be lost."
                        + " Mend the disk, then open the store again.",
                Determinacy.NOT_APPLIED);
    }

    static AtCapacityException busy() {
        return new AtCapacityException(
                BACKEND,
                "Too many writes wait for the journal. Send fewer at a time, or raise max-waiting.",
                Determinacy.NOT_APPLIED);
    }

    static BackendUnavailableException closed() {
        return new BackendUnavailableException(BACKEND, "The journal is closed.", Determinacy.NOT_APPLIED);
    }
}
