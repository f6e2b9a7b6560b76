// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

class BackgroundCredentialsTest {

    private final ManualRuntime clock = new ManualRuntime(1);
    private final Scheduler background = Schedulers.newBoundedElastic(1, 10, "credentials", 60, true);
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private volatile @Nullable Duration life = Duration.ofHours(1);
    private volatile boolean blocks;
    private volatile boolean fails;

    private final BackgroundCredentials credentials = new BackgroundCredentials(new Source(), background, clock);

    @AfterEach
    void dispose() {
        blocked.countDown();
        background.dispose();
    }

    @Test
    void theCallerNeverWaitsForTheSource() {
        blocks = true;
        CompletableFuture<AwsCredentialsIdentity> answer = resolve();

        assertThat(answer).isNotDone();
        blocked.countDown();
        assertThat(answer.join().accessKeyId()).isEqualTo("key-1");
    }

    @Test
    void whatIsKnownIsUsedWhileItIsRenewedButNotAfterItsEnd() {
        credentials.load();
        assertThat(resolve())
                .isCompletedWithValueMatching(known -> known.accessKeyId().equals("key-1"));
        clock.advance(Duration.ofMinutes(56));
        blocks = true;
        assertThat(resolve())
                .isCompletedWithValueMatching(known -> known.accessKeyId().equals("key-1"));
        clock.advance(Duration.ofMinutes(4));
        CompletableFuture<AwsCredentialsIdentity> late = resolve();
        assertThat(late).isNotDone();
        blocked.countDown();

        assertThat(late.join().accessKeyId()).isEqualTo("key-2");
        assertThat(asked).hasValue(2);
    }

    @Test
    void thoseThatDoNotSayWhenTheyEndAreAskedForAgain() {
        life = null;
        credentials.load();
        clock.advance(Duration.ofSeconds(30));
        resolve().join();
        assertThat(asked).hasValue(1);
        clock.advance(Duration.ofSeconds(31));
        resolve().join();

        Eventually.holds("they are renewed", () -> asked.get() == 2);
    }

    @Test
    void anErrorIsTheCallersAndTheNextOneAsksAgain() {
        fails = true;
        credentials.load();
        assertThat(resolve()).failsWithin(Store.PATIENCE).withThrowableThat().withMessageContaining("no service");
        fails = false;

        assertThat(resolve().join().accessKeyId()).isEqualTo("key-3");
    }

    private CompletableFuture<AwsCredentialsIdentity> resolve() {
        return credentials.resolveIdentity(ResolveIdentityRequest.builder().build());
    }

    private final class Source implements IdentityProvider<AwsCredentialsIdentity> {
        @Override
        public Class<AwsCredentialsIdentity> identityType() {
            return AwsCredentialsIdentity.class;
        }

        @Override
        public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
            int number = asked.incrementAndGet();
            if (blocks) {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (fails) {
                throw new IllegalStateException("no service");
            }
            Duration left = life;
            return CompletableFuture.completedFuture(AwsSessionCredentials.builder()
                    .accessKeyId("key-" + number)
                    .secretAccessKey("secret")
                    .sessionToken("token")
                    .expirationTime(left == null ? null : clock.now().plus(left))
                    .build());
        }
    }
}
