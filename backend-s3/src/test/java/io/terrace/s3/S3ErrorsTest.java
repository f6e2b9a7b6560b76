// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the client's errors mean, as the page about this backend says. */
class S3ErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, ThrottledException, true",
        "429, TooManyRequests, ThrottledException, true",
        "500, InternalError, BackendUnavailableException, true",
        "503, ServiceUnavailable, BackendUnavailableException, true",
        "400, RequestTimeout, BackendUnavailableException, true",
        "409, Unheard, BackendUnavailableException, true",
        "403, AccessDenied, PermissionDeniedException, false",
        "400, ExpiredToken, PermissionDeniedException, false",
        "400, BadDigest, BackendUnavailableException, false",
        "404, NoSuchBucket, ConfigurationException, false",
        "301, PermanentRedirect, ConfigurationException, false",
        "400, InvalidRequest, ConfigurationException, false",
        "400, EntityTooLarge, TooLargeException, false",
        "501, NotImplemented, UnsupportedException, false",
    })
    void anAnswerHasAMeaningAndAWriteWithoutARefusalIsUnknown(
            int status, String code, String type, boolean unknownIfItWrites) {
        TerraceException write = S3Errors.ofWrite("storing", answer(status, code));
        TerraceException read = S3Errors.ofRead("reading", answer(status, code));

        assertThat(write.getClass().getSimpleName()).isEqualTo(type);
        assertThat(read.getClass()).isEqualTo(write.getClass());
        assertThat(write.determinacy()).isEqualTo(unknownIfItWrites ? Determinacy.UNKNOWN : Determinacy.NOT_APPLIED);
        assertThat(read.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
    }

    @Test
    void whatWasNeverSentWasNotApplied() {
        TerraceException refused = S3Errors.ofWrite(
                "storing", SdkClientException.create("failed", new ConnectException("connection refused")));
        TerraceException waited =
                S3Errors.ofWrite("storing", SdkClientException.create("Acquire operation took longer than ..."));

        assertThat(refused).isInstanceOf(BackendUnavailableException.class);
        assertThat(waited).isInstanceOf(AtCapacityException.class);
        assertThat(refused.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        assertThat(waited.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
    }

    @Test
    void aWriteWithoutAnAnswerIsUnknown() {
        TerraceException late = S3Errors.ofWrite("storing", ApiCallAttemptTimeoutException.create(10));
        TerraceException broken = S3Errors.ofWrite("storing", SdkClientException.create("reset"));

        assertThat(late).isInstanceOf(DeadlineExceededException.class);
        assertThat(late.determinacy()).isEqualTo(Determinacy.UNKNOWN);
        assertThat(broken.determinacy()).isEqualTo(Determinacy.UNKNOWN);
    }

    private static Throwable answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
