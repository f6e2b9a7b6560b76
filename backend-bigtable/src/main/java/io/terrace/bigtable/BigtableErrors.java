// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The one place where errors of the client get their meaning. */
final class BigtableErrors {

    static final String BACKEND = "bigtable";

    private BigtableErrors() {}

    /** The error of a request that changes nothing. */
    static TerraceException ofRead(String what, Throwable e) {
        return of(what, e, false);
    }

    /** The error of a request that changes a row if the store carries it out. */
    static TerraceException ofWrite(String what, Throwable e) {
        return of(what, e, true);
    }

    /** The error of the first request, made to find out whether everything is there. */
    static TerraceException ofProbe(String where, Throwable e) {
        StatusCode.Code code = codeOf(e);
        // An emulator calls a family that does not exist an unknown error.
        if (code == StatusCode.Code.UNKNOWN && String.valueOf(e.getMessage()).contains("family")) {
            return misconfigured("Bigtable failed to open " + where + ": " + e.getMessage(), e);
        }
        return of("to open " + where, e, false);
    }

    /** The error of making the table, or looking at it. */
    static TerraceException ofSetup(String where, Throwable e) {
        String message = "Bigtable failed to prepare " + where + ": " + e.getMessage();
        return switch (codeOf(e)) {
            case PERMISSION_DENIED, UNAUTHENTICATED ->
                new PermissionDeniedException(
                        BACKEND,
                        message + ". Give the account of this process the role roles/bigtable.admin on the instance.",
                        Determinacy.NOT_APPLIED,
                        e);
            case NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT ->
                new ConfigurationException(
                        message + ". The project and the instance must exist, and the table's name be one.", e);
            default -> new BackendUnavailableException(BACKEND, message + ". Repeat it.", Determinacy.UNKNOWN, e);
        };
    }

    static TerraceException closed() {
        return new BackendUnavailableException(
                BACKEND, "These rows are closed. Open them again.", Determinacy.NOT_APPLIED);
    }

    static IntegrityException damaged(String what, String how, @Nullable Throwable cause) {
        return new IntegrityException(
                BACKEND,
                "The row of " + what + " is damaged: " + how
                        + ". Restore it from a copy; its bytes have not been touched.",
                Determinacy.NOT_APPLIED,
                cause);
    }

    private static TerraceException of(String what, Throwable e, boolean writes) {
        if (e instanceof TerraceException known) {
            return known;
        }
        StatusCode.Code code = codeOf(e);
        String message = "Bigtable failed " + what + ": " + code + ", " + e.getMessage();
        return switch (code) {
            case RESOURCE_EXHAUSTED ->
                new ThrottledException(
                        BACKEND,
                        message + ". Send fewer requests, or give the cluster more nodes.",
                        Determinacy.NOT_APPLIED,
                        e);
            case PERMISSION_DENIED, UNAUTHENTICATED ->
                new PermissionDeniedException(
                        BACKEND,
                        message + ". Give the account of this process the role roles/bigtable.user on the table.",
                        Determinacy.NOT_APPLIED,
                        e);
            case NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT -> misconfigured(message, e);
            default ->
                writes
                        ? new OutcomeUnknownException(BACKEND, message, e)
                        : code == StatusCode.Code.DEADLINE_EXCEEDED
                                ? new DeadlineExceededException(BACKEND, message, Determinacy.NOT_APPLIED, e)
                                : new BackendUnavailableException(BACKEND, message, Determinacy.NOT_APPLIED, e);
        };
    }

    private static ConfigurationException misconfigured(String message, Throwable e) {
        return new ConfigurationException(
                message + ". The table must exist, with the families '" + Cells.EXPIRING + "' and '" + Cells.LASTING
                        + "' (`terrace init` makes it), and the application profile must route to a single cluster and"
                        + " allow single-row transactions.",
                e);
    }

    /** What is no answer of the store says nothing about what the store did. */
    private static StatusCode.Code codeOf(Throwable e) {
        if (e instanceof ApiException answer) {
            return answer.getStatusCode().getCode();
        }
        return e instanceof CancellationException ? StatusCode.Code.CANCELLED : StatusCode.Code.UNKNOWN;
    }
}
