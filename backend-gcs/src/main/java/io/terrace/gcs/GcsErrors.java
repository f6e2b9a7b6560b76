// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.BaseServiceException;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the errors of the client mean. The only place that looks into them. */
final class GcsErrors {

    static final String BACKEND = "gcs";

    private static final int MAX_CAUSES = 20;

    /** What is known of a request that failed. */
    enum Kind {
        /** There is no such object, upload or bucket. */
        ABSENT,
        /** The object was to be absent and is not. */
        EXISTS,
        /** The bytes that arrived are not those that were sent. */
        DAMAGED,
        DENIED,
        /** Refused, and it will be refused again. */
        REFUSED,
        /** Refused before anything was done, and it may pass. */
        THROTTLED,
        /** No connection was made. */
        UNREACHABLE,
        /** No answer in time. */
        TIMEOUT,
        /** Refused by this instance, before any request. */
        LOCAL,
        /** An answer that says nothing of what was done, or none. */
        UNCLEAR;

        /** Whether the request may have been carried out, or may still be. */
        boolean isAmbiguous() {
            return this == TIMEOUT || this == UNCLEAR;
        }

        boolean mayPass() {
            return isAmbiguous() || this == THROTTLED || this == UNREACHABLE;
        }
    }

    private GcsErrors() {}

    static Kind kindOf(Throwable error) {
        if (error instanceof TerraceException) {
            return Kind.LOCAL;
        }
        for (Throwable e : chain(error)) {
            int code = codeOf(e);
            if (code > 0) {
                return kindOf(code, textOf(error));
            }
        }
        for (Throwable e : chain(error)) {
            if (e instanceof ConnectException
                    || e instanceof UnknownHostException
                    || e instanceof NoRouteToHostException) {
                return Kind.UNREACHABLE;
            }
            if (e instanceof SocketTimeoutException) {
                String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
                return text.startsWith("connect") ? Kind.UNREACHABLE : Kind.TIMEOUT;
            }
        }
        return Kind.UNCLEAR;
    }

    private static Kind kindOf(int code, String text) {
        return switch (code) {
            case 404, 410 -> Kind.ABSENT;
            case 412 -> Kind.EXISTS;
            case 429 -> Kind.THROTTLED;
            case 401, 403 -> text.contains("ratelimitexceeded") ? Kind.THROTTLED : Kind.DENIED;
            case 400 ->
                text.contains("crc32c") || text.contains("md5") || text.contains("baddigest")
                        ? Kind.DAMAGED
                        : Kind.REFUSED;
            case 408 -> Kind.UNCLEAR;
            default -> code >= 400 && code < 500 ? Kind.REFUSED : Kind.UNCLEAR;
        };
    }

    /** The error of a request that changes nothing. */
    static TerraceException read(String what, Throwable error) {
        return of(what, error, Determinacy.NOT_APPLIED);
    }

    /** The error of a request that is free to be repeated. */
    static TerraceException write(String what, Throwable error) {
        return of(what, error, kindOf(error).isAmbiguous() ? Determinacy.UNKNOWN : Determinacy.NOT_APPLIED);
    }

    /** The error of a step after which the blob may be there. */
    static TerraceException unknown(String what, Throwable error) {
        return new OutcomeUnknownException(BACKEND, "There was no clear answer while " + what + describe(error), error);
    }

    private static TerraceException of(String what, Throwable error, Determinacy determinacy) {
        if (error instanceof TerraceException ours) {
            return ours;
        }
        String message = "It failed to be done: " + what + describe(error);
        return switch (kindOf(error)) {
            case ABSENT ->
                new ConfigurationException(
                        message + ". Name a bucket that exists, and do not delete what is in it.", error);
            case DENIED ->
                new PermissionDeniedException(
                        BACKEND,
                        message + ". Give the account the role Storage Object User on the bucket.",
                        determinacy,
                        error);
            case EXISTS, REFUSED -> new ConfigurationException(message + ". The server will refuse it again.", error);
            case DAMAGED ->
                new IntegrityException(
                        BACKEND,
                        message + ". The bytes were changed on their way, and nothing was stored. Write again.",
                        determinacy,
                        error);
            case THROTTLED -> new ThrottledException(BACKEND, message + ". Repeat it later.", determinacy, error);
            case TIMEOUT ->
                new DeadlineExceededException(
                        BACKEND, message + ". Repeat it later, or raise the timeouts.", determinacy, error);
            case UNREACHABLE, UNCLEAR, LOCAL ->
                new BackendUnavailableException(BACKEND, message + ". Repeat it later.", determinacy, error);
        };
    }

    static IntegrityException damaged(String what, String how) {
        return new IntegrityException(
                BACKEND,
                what + " is damaged: " + how + ". Restore it from a copy; its bytes have not been touched.",
                Determinacy.NOT_APPLIED);
    }

    static BackendUnavailableException closed() {
        return new BackendUnavailableException(BACKEND, "The store is closed. Open it again.", Determinacy.NOT_APPLIED);
    }

    /** The status that the server answered with; 0 if there was none. */
    private static int codeOf(Throwable e) {
        if (e instanceof HttpResponseException http) {
            return http.getStatusCode();
        }
        return e instanceof BaseServiceException service ? service.getCode() : 0;
    }

    private static String describe(Throwable error) {
        Throwable told = error;
        for (Throwable e : chain(error)) {
            if (codeOf(e) > 0) {
                return ": " + codeOf(e) + " " + firstLine(e.getMessage());
            }
            told = e;
        }
        return ": " + told.getClass().getSimpleName() + " " + firstLine(told.getMessage());
    }

    /** The messages of the client may be whole dumps of requests; those name upload sessions, which are secrets. */
    private static String firstLine(@Nullable String message) {
        String text = String.valueOf(message).lines().findFirst().orElse("");
        String shown = text.replaceAll("upload_id=[^&\\s]+", "upload_id=***");
        return shown.length() > 300 ? shown.substring(0, 300) : shown;
    }

    private static String textOf(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable e : chain(error)) {
            text.append(e.getMessage()).append(' ');
            if (e instanceof BaseServiceException service) {
                text.append(service.getReason()).append(' ');
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static Iterable<Throwable> chain(Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable e = error; e != null && causes.size() < MAX_CAUSES; e = e.getCause()) {
            causes.add(e);
        }
        return causes;
    }
}
