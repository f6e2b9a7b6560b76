// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;

/** The right to write the log: held by one process, and by one instance in it. */
final class LogOwnership {

    private static final String OWNER = "OWNER";

    private final FileLock lock;

    private LogOwnership(FileLock lock) {
        this.lock = lock;
    }

    /**
     * Takes it.
     *
     * @throws BackendUnavailableException if somebody has it; says who
     */
    static LogOwnership take(Layout layout, TerraceRuntime runtime) throws IOException {
        Path note = layout.log().resolve(OWNER);
        FileLock lock = layout.locks().tryLock(LockFile.CHANGE_LOG);
        if (lock == null) {
            throw new BackendUnavailableException(
                    LocalFsErrors.BACKEND,
                    "The change log in '" + layout.log() + "' is in use by "
                            + (Files.exists(note) ? Files.readString(note).strip() : "another process")
                            + ". Only one store at a time can have it. Close that one, give this one a directory of its own, or use"
                            + " a change log that processes can share.",
                    Determinacy.NOT_APPLIED);
        }
        // For people only: what counts is the lock.
        Files.writeString(note, "process " + ProcessHandle.current().pid() + " since " + runtime.now() + "\n");
        return new LogOwnership(lock);
    }

    /** On a thread that cannot be interrupted. */
    void release() {
        try {
            lock.release();
        } catch (IOException lost) {
            // Then there is nothing to release.
            return;
        }
    }
}
