// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * Asks a source of credentials on a thread of its own, since most of them read files or wait for a metadata service, and
 * the client asks on whatever thread the request is made. What is known is used while it is renewed, as long as it is valid.
 */
final class BackgroundCredentials implements IdentityProvider<AwsCredentialsIdentity> {

    /** How long before their end credentials are renewed. */
    private static final Duration EARLY = Duration.ofMinutes(5);
    /** What is left of them when nobody uses them any more: a request takes its time. */
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** How often those are asked for again that do not say when they end. The sources keep them for themselves. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final IdentityProvider<? extends AwsCredentialsIdentity> source;
    private final Scheduler background;
    private final TerraceRuntime runtime;

    private volatile @Nullable Known known;
    private @Nullable CompletableFuture<AwsCredentialsIdentity> underWay;

    BackgroundCredentials(
            IdentityProvider<? extends AwsCredentialsIdentity> source, Scheduler background, TerraceRuntime runtime) {
        this.source = source;
        this.background = background;
        this.runtime = runtime;
    }

    private record Known(AwsCredentialsIdentity credentials, Instant renewAt, Instant invalidAt) {}

    /** Blocks until they are there, so that the first request does not wait. An error is left to the first request. */
    void load() {
        try {
            renewed().join();
        } catch (RuntimeException laterAgain) {
            // A service that hands out credentials may be up later than we are.
        }
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        Known now = known;
        Instant time = runtime.now();
        if (now == null || !time.isBefore(now.invalidAt)) {
            // One future is shared, so nobody may cancel it.
            return renewed().copy();
        }
        if (!time.isBefore(now.renewAt)) {
            // Whoever comes next gets them; an error shows when those that are known are over.
            CompletableFuture<AwsCredentialsIdentity> unused = renewed();
        }
        return CompletableFuture.completedFuture(now.credentials);
    }

    private synchronized CompletableFuture<AwsCredentialsIdentity> renewed() {
        if (underWay != null) {
            return underWay;
        }
        CompletableFuture<AwsCredentialsIdentity> renewing = new CompletableFuture<>();
        underWay = renewing;
        try {
            background.schedule(() -> ask(renewing));
        } catch (RejectedExecutionException closed) {
            fail(renewing, closed);
        }
        return renewing;
    }

    private void ask(CompletableFuture<AwsCredentialsIdentity> renewing) {
        try {
            AwsCredentialsIdentity found = source.resolveIdentity().join();
            Instant now = runtime.now();
            Instant end = found.expirationTime().orElse(Instant.MAX);
            Instant renewAt = end.equals(Instant.MAX) ? now.plus(AGAIN) : end.minus(EARLY);
            // Those that are short-lived are not asked for with each request.
            Instant soonest = now.plus(MARGIN);
            Instant invalidAt = end.equals(Instant.MAX) ? end : end.minus(MARGIN);
            known = new Known(found, renewAt.isBefore(soonest) ? soonest : renewAt, invalidAt);
            done();
            renewing.complete(found);
        } catch (RuntimeException e) {
            fail(renewing, e);
        }
    }

    private void fail(CompletableFuture<AwsCredentialsIdentity> renewing, RuntimeException error) {
        done();
        renewing.completeExceptionally(S3Errors.unwrap(error));
    }

    private synchronized void done() {
        underWay = null;
    }
}
