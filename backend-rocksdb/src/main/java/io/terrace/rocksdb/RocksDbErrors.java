// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The one place where errors of RocksDB get their meaning. */
final class RocksDbErrors {

    static final String BACKEND = "rocksdb";

    /** RocksDB has no codes for these. */
    private static final List<String> LOCKED = List.of("while lock file", "lock hold by current process");

    private static final List<String> DENIED = List.of("permission denied", "read-only file system");

    private RocksDbErrors() {}

    /** The error of a read, or of the look before a write: nothing was changed. */
    static TerraceException ofRead(String what, RocksDBException e) {
        if (codeOf(e) == Status.Code.Corruption) {
            return damaged(what, "RocksDB says " + describe(e), e);
        }
        if (mentions(e, DENIED)) {
            return new PermissionDeniedException(
                    BACKEND,
                    "It failed to be done: " + what + ": " + describe(e)
                            + ". Give the user that runs this process read and write access.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        return new BackendUnavailableException(
                BACKEND, "It failed to be done: " + what + ": " + describe(e), Determinacy.NOT_APPLIED, e);
    }

    /** The error of a write that RocksDB did not confirm: it may be in the log that is read when the store is opened. */
    static TerraceException ofWrite(String what, Throwable e) {
        return new OutcomeUnknownException(BACKEND, "RocksDB failed while " + what + ": " + describe(e), e);
    }

    /** Why the directory cannot be opened. */
    static TerraceException ofOpening(Path root, @Nullable String owner, Exception e) {
        if (mentions(e, LOCKED)) {
            return new BackendUnavailableException(
                    BACKEND,
                    "The rows in '" + root + "' are in use by " + (owner == null ? "another process" : owner)
                            + ". One store at a time can have them, and in a process once. Close that one, or give this one a"
                            + " directory of its own.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        Status.Code code = e instanceof RocksDBException ours ? codeOf(ours) : null;
        if (code == Status.Code.Corruption) {
            return new ConfigurationException(
                    "The rows in '" + root + "' are damaged: " + describe(e)
                            + ". Restore the directory from a copy; nothing in it has been changed on purpose.",
                    e);
        }
        if (code == Status.Code.InvalidArgument) {
            return new ConfigurationException(
                    "The rows in '" + root + "' cannot be opened: " + describe(e)
                            + ". Open the directory with the program that wrote it, or a later one.",
                    e);
        }
        return new ConfigurationException(
                "The directory '" + root + "' cannot be used: " + describe(e)
                        + ". It must be on a local file system, and this process must be able to write there.",
                e);
    }

    static ConfigurationException noLibrary(Throwable e) {
        return new ConfigurationException(
                "RocksDB's native library cannot be loaded: " + e
                        + ". It is unpacked into the directory of temporary files: that must be writable and allow programs;"
                        + " -Djava.io.tmpdir names another one. Or this platform has none.",
                e);
    }

    static IntegrityException damaged(String what, String how, @Nullable Throwable cause) {
        return new IntegrityException(
                BACKEND,
                "Damage was found while " + what + ": " + how
                        + ". Restore it from a copy; its bytes have not been touched.",
                Determinacy.NOT_APPLIED,
                cause);
    }

    static AtCapacityException full(int limit, String option) {
        return new AtCapacityException(
                BACKEND,
                limit + " calls are under way already, which is the limit. Repeat it later, or raise " + option + ".",
                Determinacy.NOT_APPLIED);
    }

    static BackendUnavailableException closed() {
        return new BackendUnavailableException(BACKEND, "The store is closed. Open it again.", Determinacy.NOT_APPLIED);
    }

    static BackendUnavailableException readOnly(String why) {
        return new BackendUnavailableException(
                BACKEND,
                "Nothing is written any more, since a write failed: " + why
                        + ". Check the disk and the room on it, then open the store again.",
                Determinacy.NOT_APPLIED);
    }

    static String describe(Throwable e) {
        if (e instanceof RocksDBException ours) {
            Status.Code code = codeOf(ours);
            return (code == null ? "" : code + ": ") + ours.getMessage();
        }
        return e instanceof IOException ? e.toString() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static Status.@Nullable Code codeOf(RocksDBException e) {
        Status status = e.getStatus();
        return status == null ? null : status.getCode();
    }

    private static boolean mentions(Exception e, List<String> phrases) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return phrases.stream().anyMatch(text::contains);
    }
}
