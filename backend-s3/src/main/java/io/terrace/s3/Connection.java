// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.netty.util.concurrent.Future;
import io.terrace.ConfigurationException;
import io.terrace.s3.S3Blobs.Compatibility;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** A client and what it stands on: its event loops and its credentials. Of a client that was handed in, nothing. */
final class Connection {

    private final S3AsyncClient client;
    private final @Nullable Owned owned;

    private Connection(S3AsyncClient client, @Nullable Owned owned) {
        this.client = client;
        this.owned = owned;
    }

    /** What we made, and so close. */
    private record Owned(NettyNioAsyncHttpClient http, SdkEventLoopGroup loops, Scheduler background) {}

    /** Somebody else's client, which stays open. */
    static Connection of(S3AsyncClient client) {
        return new Connection(client, null);
    }

    /** Blocks: the region and the credentials may have to be asked for. */
    static Connection open(S3Blobs.Builder from) {
        SdkEventLoopGroup loops = SdkEventLoopGroup.builder().build();
        NettyNioAsyncHttpClient http = (NettyNioAsyncHttpClient) NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(loops)
                .maxConcurrency(from.connections)
                .connectionTimeout(from.connectTimeout)
                .tlsNegotiationTimeout(from.connectTimeout)
                .connectionAcquisitionTimeout(from.connectTimeout)
                .readTimeout(from.idleTimeout)
                .writeTimeout(from.idleTimeout)
                .build();
        Scheduler background = Schedulers.newBoundedElastic(1, 1000, "terrace-s3", 60, true);
        Owned owned = new Owned(http, loops, background);
        try {
            return new Connection(client(from, http, background), owned);
        } catch (RuntimeException e) {
            close(owned);
            throw e;
        }
    }

    private static S3AsyncClient client(S3Blobs.Builder from, NettyNioAsyncHttpClient http, Scheduler background) {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .httpClient(http)
                .region(region(from))
                .forcePathStyle(from.pathStyle)
                .credentialsProvider(credentials(from, background))
                // We compute checksums ourselves, in place, and repeat requests where that is sound.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(common -> {
                    common.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallAttemptTimeout(from.requestTimeout);
                    from.interceptors.forEach(common::addExecutionInterceptor);
                })
                // Answers go on where they arrive: nothing of ours blocks there.
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
        if (from.endpoint != null) {
            builder.endpointOverride(from.endpoint);
        }
        if (from.compatibility() == Compatibility.GENERIC) {
            builder.addPlugin(LegacyMd5Plugin.create());
        }
        return builder.build();
    }

    private static Region region(S3Blobs.Builder from) {
        if (from.region != null) {
            return Region.of(from.region);
        }
        if (from.endpoint != null) {
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException none) {
            throw new ConfigurationException(
                    "The region of the bucket is not known: set the option 'region', or the variable AWS_REGION.",
                    none);
        }
    }

    private static IdentityProvider<? extends AwsCredentialsIdentity> credentials(
            S3Blobs.Builder from, Scheduler background) {
        if (from.accessKeyId != null && from.secretAccessKey != null) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(from.accessKeyId, from.secretAccessKey));
        }
        IdentityProvider<? extends AwsCredentialsIdentity> source = from.credentials != null
                ? from.credentials
                : DefaultCredentialsProvider.builder().build();
        BackgroundCredentials credentials = new BackgroundCredentials(source, background, from.runtime);
        credentials.load();
        return credentials;
    }

    S3AsyncClient client() {
        return client;
    }

    /** Idempotent. The client's own close blocks, so it is not done on the caller's thread. */
    Mono<Void> closeLater() {
        Owned ours = owned;
        return ours == null
                ? Mono.empty()
                : Mono.<Void>fromRunnable(() -> {
                            client.close();
                            close(ours);
                        })
                        .subscribeOn(Schedulers.fromExecutor(Connection::onThreadOfItsOwn));
    }

    private static void onThreadOfItsOwn(Runnable work) {
        Thread thread = new Thread(work, "terrace-s3-close");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Owned owned) {
        owned.http.close();
        // The pools close their connections behind our back, and need the loops for that.
        Future<?> unused = owned.loops.eventLoopGroup().shutdownGracefully(200, 5000, TimeUnit.MILLISECONDS);
        owned.background.dispose();
    }
}
