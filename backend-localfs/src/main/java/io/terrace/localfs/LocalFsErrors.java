// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one place where errors of the file system get their meaning. Java reports most of them by their text only. */
final class LocalFsErrors {

    static final String BACKEND = "localfs";

    private static final List<String> FULL = List.of("no space left", "disk quota exceeded", "file too large");
    private static final List<String> EXHAUSTED = List.of("too many open files", "cannot allocate memory");
    private static final List<String> DENIED =
            List.of("permission denied", "operation not permitted", "read-only file system");

    private LocalFsErrors() {}

    /** The error of a step that changed nothing, or of one that says itself that it may have. */
    static TerraceException of(String what, IOException e) {
        if (e instanceof NotDurableException broken && broken.isVisible()) {
            return new OutcomeUnknownException(BACKEND, "The disk failed while " + what + ": " + describe(e), e);
        }
        IOException cause = e instanceof NotDurableException && e.getCause() instanceof IOException io ? io : e;
        String message = "It failed to be done: " + what + ": " + describe(e);
        if (isFull(cause)) {
            return new AtCapacityException(
                    BACKEND,
                    "The disk is full, so this was refused: " + what + " (" + describe(cause)
                            + "). Make room, then repeat it.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        if (mentions(cause, EXHAUSTED)) {
            return new AtCapacityException(
                    BACKEND, message + ". Raise the limits of the process.", Determinacy.NOT_APPLIED, e);
        }
        if (cause instanceof AccessDeniedException || mentions(cause, DENIED)) {
            return new PermissionDeniedException(
                    BACKEND,
                    message + ". Give the user that runs this process read and write access.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        return new BackendUnavailableException(BACKEND, message, Determinacy.NOT_APPLIED, e);
    }

    /** As {@link #of}, for whatever else a step may throw. */
    static Throwable ofAny(String what, Throwable e) {
        if (e instanceof IOException io) {
            return of(what, io);
        }
        return e instanceof ReadOnlyFileSystemException ? of(what, new IOException("read-only file system", e)) : e;
    }

    static IntegrityException damaged(String what, String how) {
        return damaged(what, how, null);
    }

    static IntegrityException damaged(String what, String how, @Nullable Throwable cause) {
        return new IntegrityException(
                BACKEND,
                what + " is damaged: " + how + ". Restore it from a copy; its bytes have not been touched.",
                Determinacy.NOT_APPLIED,
                cause);
    }

    static boolean isFull(IOException e) {
        return mentions(e, FULL);
    }

    private static boolean mentions(IOException e, List<String> phrases) {
        String text = textOf(e);
        return text != null && phrases.stream().anyMatch(text.toLowerCase(java.util.Locale.ROOT)::contains);
    }

    private static @Nullable String textOf(IOException e) {
        return e instanceof FileSystemException fs && fs.getReason() != null ? fs.getReason() : e.getMessage();
    }

    private static String describe(IOException e) {
        Throwable cause = e instanceof NotDurableException ? e.getCause() : null;
        String own = e.getClass().getSimpleName() + ": " + e.getMessage();
        return cause == null ? own : e.getMessage() + " (" + cause + ")";
    }
}
