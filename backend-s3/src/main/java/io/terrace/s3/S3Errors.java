// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import io.terrace.TooLargeException;
import io.terrace.UnsupportedException;
import io.terrace.UploadGoneException;
import io.terrace.spi.UploadSession;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** The one place where errors of the client get their meaning. */
final class S3Errors {

    static final String BACKEND = "s3";

    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "RequestTimeTooSkewed");
    private static final Set<String> SLOW = Set.of(
            "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "ServiceBusy");
    private static final Set<String> DAMAGED_ON_THE_WAY = Set.of(
            "BadDigest", "InvalidDigest", "IncompleteBody", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch");
    private static final Set<String> TOO_LARGE =
            Set.of("EntityTooLarge", "KeyTooLongError", "MetadataTooLarge", "MaxMessageLengthExceeded");
    private static final Set<String> ELSEWHERE =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private S3Errors() {}

    /** What an answer means for a conditional write. */
    enum Verdict {
        /** There is an object of this name. */
        EXISTS,
        /** Another request for this name was under way; this one was not carried out. */
        CONFLICT,
        /** There is no such upload. */
        NO_UPLOAD,
        /** Refused, and nothing else. */
        REFUSED,
        /** It may have been carried out, or may yet be. */
        UNKNOWN
    }

    static Verdict verdict(Throwable error) {
        Throwable e = unwrap(error);
        if (e instanceof AwsServiceException answer) {
            String code = codeOf(answer);
            // By code and not by status: other answers have the same one.
            if (code.equals("ConditionalRequestConflict") || code.equals("OperationAborted")) {
                return Verdict.CONFLICT;
            }
            // Some stores say so of the object that is not there yet.
            if (code.equals("NoSuchUpload") || code.equals("NoSuchKey")) {
                return Verdict.NO_UPLOAD;
            }
            if (code.equals("PreconditionFailed") || answer.statusCode() == 412) {
                return Verdict.EXISTS;
            }
        }
        return of("", e, true).determinacy() == Determinacy.UNKNOWN ? Verdict.UNKNOWN : Verdict.REFUSED;
    }

    /** The error of a request that changes nothing. */
    static TerraceException ofRead(String what, Throwable error) {
        return of(what, error, false);
    }

    /** The error of a request that changes something, and may have done so unless the answer says that it did not. */
    static TerraceException ofWrite(String what, Throwable error) {
        return of(what, error, true);
    }

    /** The error of a request for an upload. */
    static TerraceException ofSession(UploadSession session, boolean changes, String what, Throwable error) {
        return isNoUpload(error) ? gone(session) : of(what, error, changes);
    }

    static UploadGoneException gone(UploadSession session) {
        return new UploadGoneException(
                BACKEND, "There is no such upload any more, or there never was: " + session + ". Start another one.");
    }

    static OutcomeUnknownException unknown(String what, Throwable error) {
        return new OutcomeUnknownException(
                BACKEND, "It is not known how this ended: " + what + " (" + describe(unwrap(error)) + ")", error);
    }

    /** Whether the answer was that there is nothing of that name. */
    static boolean isAbsent(Throwable error) {
        return unwrap(error) instanceof AwsServiceException answer
                && answer.statusCode() == 404
                && !codeOf(answer).equals("NoSuchBucket");
    }

    static boolean isNoUpload(Throwable error) {
        return unwrap(error) instanceof AwsServiceException answer
                && codeOf(answer).equals("NoSuchUpload");
    }

    static boolean isNotImplemented(Throwable error) {
        return unwrap(error) instanceof AwsServiceException answer && answer.statusCode() == 501;
    }

    static boolean isRefusedRange(Throwable error) {
        return unwrap(error) instanceof AwsServiceException answer && answer.statusCode() == 416;
    }

    /** The blob is not the one any more whose body was being read. */
    static boolean isOther(Throwable error) {
        return unwrap(error) instanceof AwsServiceException answer && answer.statusCode() == 412;
    }

    private static TerraceException of(String what, Throwable error, boolean changes) {
        Throwable e = unwrap(error);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // The client wraps an error of the body that it was to send.
            if (cause instanceof TerraceException known) {
                return known;
            }
        }
        Determinacy unlessRefused = changes ? Determinacy.UNKNOWN : Determinacy.NOT_APPLIED;
        String message = "It failed: " + what + " (" + describe(e) + ")";
        if (e instanceof AwsServiceException answer) {
            return ofAnswer(codeOf(answer), answer.statusCode(), message, unlessRefused, answer);
        }
        if (e instanceof ApiCallAttemptTimeoutException || e instanceof ApiCallTimeoutException) {
            return new DeadlineExceededException(BACKEND, message, unlessRefused, e);
        }
        if (mentions(e, "Unable to load credentials") || mentions(e, "Failed to load credentials")) {
            return new PermissionDeniedException(
                    BACKEND,
                    message + ". Give credentials in the options, the environment or the profile.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        if (mentions(e, "Acquire operation took longer") || mentions(e, "Too many outstanding acquire operations")) {
            return new AtCapacityException(
                    BACKEND,
                    "All connections were in use, so this was not sent: " + what
                            + ". Raise 'connections', or ask for less at a time.",
                    Determinacy.NOT_APPLIED,
                    e);
        }
        Determinacy determinacy = wasNotSent(e) ? Determinacy.NOT_APPLIED : unlessRefused;
        return new BackendUnavailableException(BACKEND, message, determinacy, e);
    }

    /** What a code means, also where it comes without a status, as in the answer to a request for many. */
    static TerraceException ofAnswer(
            String code, int status, String message, Determinacy unlessRefused, @Nullable Throwable cause) {
        if (SLOW.contains(code) || status == 429) {
            return new ThrottledException(BACKEND, message, unlessRefused, cause);
        }
        if (DENIED.contains(code) || status == 401 || status == 403) {
            return new PermissionDeniedException(
                    BACKEND,
                    message + ". The page about this backend says which permissions it needs.",
                    Determinacy.NOT_APPLIED,
                    cause);
        }
        if (DAMAGED_ON_THE_WAY.contains(code)) {
            return new BackendUnavailableException(
                    BACKEND, message + "; the bytes were damaged on the way", Determinacy.NOT_APPLIED, cause);
        }
        if (TOO_LARGE.contains(code) || status == 413 || status == 414) {
            return new TooLargeException(BACKEND, message, Determinacy.NOT_APPLIED, cause);
        }
        if (code.equals("NoSuchBucket")) {
            return new ConfigurationException(message + ". Create the bucket, or correct its name.", cause);
        }
        if (ELSEWHERE.contains(code) || status == 301 || status == 307) {
            return new ConfigurationException(message + ". Set 'region' to that of the bucket.", cause);
        }
        if (status == 501 || code.equals("NotImplemented")) {
            return new UnsupportedException(BACKEND, message);
        }
        boolean refused =
                status >= 400 && status < 500 && status != 408 && status != 409 && !code.equals("RequestTimeout");
        return refused
                ? new ConfigurationException(message + ". The store does not take such a request.", cause)
                : new BackendUnavailableException(BACKEND, message, unlessRefused, cause);
    }

    private static boolean wasNotSent(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private static boolean mentions(Throwable e, String phrase) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(phrase)) {
                return true;
            }
        }
        return false;
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static String codeOf(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    /** What the client says quotes no secrets, but ids of requests, which help whoever runs the store. */
    private static String describe(Throwable e) {
        return e instanceof AwsServiceException answer
                ? answer.statusCode() + " " + codeOf(answer) + ": " + answer.getMessage()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
