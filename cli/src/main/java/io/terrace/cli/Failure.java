// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.BackendUnavailableException;
import io.terrace.ClientPayloadException;
import io.terrace.DanglingTombstoneException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.TransientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** An error as a person, a script and {@code --json} see it: a sentence, an exit code and a stable name. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String code;

    private Failure(int exitCode, String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.code = code;
    }

    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, "usage", message, null);
    }

    static Failure notFound(String message) {
        return new Failure(ExitCode.NOT_FOUND, "object.absent", message, null);
    }

    static Failure localIo(String message) {
        return new Failure(ExitCode.LOCAL_IO, "local-io", message, null);
    }

    static Failure unavailable(String message) {
        return new Failure(ExitCode.UNAVAILABLE, "store.unavailable", message, null);
    }

    /** Whatever a command may throw. */
    static Failure of(Throwable thrown) {
        Throwable error = Exceptions.unwrap(thrown);
        if (error instanceof Failure failure) {
            return failure;
        }
        if (error instanceof ClientPayloadException && error.getCause() instanceof Exception cause) {
            // The payloads of this command are local files, so this is about one of them.
            return of(cause);
        }
        if (error instanceof TerraceException ours) {
            return new Failure(exitCodeOf(ours), ours.code(), textOf(ours), ours);
        }
        if (error instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return of(unchecked.getCause());
        }
        if (error instanceof IOException io) {
            return new Failure(ExitCode.LOCAL_IO, "local-io", describe(io), io);
        }
        return new Failure(ExitCode.BUG, "bug", "this should not have happened: " + error, error);
    }

    int exitCode() {
        return exitCode;
    }

    String code() {
        return code;
    }

    /** The sentence for a person. */
    String sentence() {
        return String.valueOf(getMessage());
    }

    private static int exitCodeOf(TerraceException error) {
        if (error.determinacy() == Determinacy.UNKNOWN) {
            return ExitCode.UNKNOWN_OUTCOME;
        }
        if (error instanceof IntegrityException || error instanceof DanglingTombstoneException) {
            return ExitCode.FAULT;
        }
        return error instanceof TransientException || error instanceof PermissionDeniedException
                ? ExitCode.UNAVAILABLE
                : ExitCode.USAGE;
    }

    private static String textOf(TerraceException error) {
        String advice = error instanceof BackendUnavailableException || !error.retryable() ? "" : " (try again later)";
        return error.getMessage() + advice;
    }

    private static String describe(IOException error) {
        if (error instanceof NoSuchFileException missing) {
            return "there is no file '" + missing.getFile() + "'";
        }
        if (error instanceof AccessDeniedException denied) {
            return "no permission for '" + denied.getFile() + "'";
        }
        if (error instanceof FileSystemException fs && fs.getReason() != null) {
            return "'" + fs.getFile() + "': " + fs.getReason();
        }
        return "a local file failed: " + error.getMessage();
    }
}
