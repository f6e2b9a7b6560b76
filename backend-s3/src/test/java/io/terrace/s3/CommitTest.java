// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.s3.Commit.End;
import io.terrace.spi.Retries;
import io.terrace.spi.TerraceRuntime;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class CommitTest {

    private final Throwable lost = SdkClientException.create("the connection was reset");
    private final Throwable found = answer(412, "PreconditionFailed");
    private final Throwable conflict = answer(409, "ConditionalRequestConflict");
    private final Throwable gone = answer(404, "NoSuchUpload");
    private final Throwable denied = answer(403, "AccessDenied");

    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void anAnswerIsTheEnd() {
        assertThat(Store.value(commit())).isEqualTo(End.WRITTEN);
        assertThat(requests).hasValue(1);
    }

    @Test
    void aBlobThatIsThereIsOurs() {
        assertThat(Store.value(commit(found))).isEqualTo(End.FOUND);
        assertThat(Store.value(commit(lost, found))).isEqualTo(End.FOUND);
    }

    @Test
    void aLostAnswerIsAskedForAgainTwiceAndThenUnknown() {
        assertThat(Store.value(commit(lost, lost))).isEqualTo(End.WRITTEN);
        requests.set(0);
        assertThat(Store.error(commit(lost, lost, lost))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(requests).hasValue(3);
    }

    @Test
    void aConflictIsKnownByItsCodeAndTriedAgainUntilItIsUnknown() {
        assertThat(Store.value(commit(conflict, conflict, conflict))).isEqualTo(End.WRITTEN);
        assertThat(Store.error(commit(Collections.nCopies(7, conflict).toArray(Throwable[]::new))))
                .isInstanceOf(OutcomeUnknownException.class);
        requests.set(0);
        // Another 409 says nothing of the kind, and not that nothing was done either.
        assertThat(Store.error(commit(answer(409, "Other"), answer(409, "Other"), answer(409, "Other"))))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(requests).hasValue(3);
    }

    @Test
    void aRefusalIsOneOnlyIfNoAttemptIsUnanswered() {
        assertThat(Store.error(commit(denied))).isInstanceOf(PermissionDeniedException.class);
        assertThat(Store.error(commit(conflict, denied))).isInstanceOf(PermissionDeniedException.class);
        assertThat(Store.error(commit(lost, denied))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void anUploadThatIsGoneAfterALostAnswerMayHaveBeenCompletedByIt() {
        assertThat(Store.value(commit(gone))).isEqualTo(End.UPLOAD_GONE);
        assertThat(Store.value(commit(lost, gone))).isEqualTo(End.UPLOAD_GONE_LATER);
    }

    @Test
    void aDeadServerIsNotAskedAgainForLong() {
        Retries retries = new Retries(TerraceRuntime.system());
        for (int i = 0; i < 50; i++) {
            Store.error(new Commit("storing", () -> failing(lost), retries).settle());
        }

        assertThat(requests).hasValueLessThanOrEqualTo(50 + 20 + 6);
    }

    private Mono<End> commit(Throwable... failures) {
        Deque<Throwable> script = new ArrayDeque<>(List.of(failures));
        return new Commit(
                        "storing",
                        () -> script.isEmpty() ? answered() : failing(script.remove()),
                        new Retries(TerraceRuntime.system()))
                .settle();
    }

    private CompletableFuture<String> answered() {
        requests.incrementAndGet();
        return CompletableFuture.completedFuture("");
    }

    private CompletableFuture<String> failing(Throwable error) {
        requests.incrementAndGet();
        return CompletableFuture.failedFuture(error);
    }

    private static Throwable answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
