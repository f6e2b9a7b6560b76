// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import io.terrace.s3.S3Blobs;
import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.TerraceRuntime;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.ResponsePublisher;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Puts and gets of whole objects on S3. The bare side sends the same headers and checks the same checksums. */
final class S3Calls {

    private static final String BUCKET = "bench";
    private static final String METADATA = "terrace-metadata";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(2);

    private S3Calls() {}

    static Calls terrace(URI endpoint) {
        S3Blobs blobs = S3Blobs.builder(TerraceRuntime.system())
                .bucket(BUCKET)
                .endpoint(endpoint)
                .pathStyle(true)
                .compatibility(Compatibility.AWS)
                .accessKey("id", "secret")
                .build();
        return BlobCalls.of(blobs);
    }

    static Calls bare(URI endpoint) {
        S3AsyncClient client = S3AsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(128))
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                // Otherwise it computes them once more, over a copy of the body.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(common ->
                        common.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallAttemptTimeout(TIMEOUT))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
        return sample -> Map.of(
                BlobCalls.PUT, done -> put(client, sample, done),
                BlobCalls.GET, done -> get(client, sample, done));
    }

    private static void put(S3AsyncClient client, Sample sample, Consumer<@Nullable Throwable> done) {
        CRC32C crc = new CRC32C();
        crc.update(sample.bytes);
        int sum = (int) crc.getValue();
        CompletableFuture<?> unused = client.putObject(
                        request -> request.bucket(BUCKET)
                                .key(sample.name())
                                .contentLength((long) sample.bytes.length)
                                .metadata(Map.of(
                                        METADATA,
                                        sample.encodedMetadata(),
                                        "terrace-crc32c",
                                        HexFormat.of().toHexDigits(sum)))
                                .ifNoneMatch("*")
                                .checksumCRC32C(base64(sum))
                                .overrideConfiguration(override -> override.apiCallAttemptTimeout(UPLOAD_TIMEOUT)),
                        AsyncRequestBody.fromByteBufferUnsafe(ByteBuffer.wrap(sample.bytes)))
                .whenComplete((answer, error) -> done.accept(error));
    }

    private static void get(S3AsyncClient client, Sample sample, Consumer<@Nullable Throwable> done) {
        CompletableFuture<?> unused = client.getObject(
                        request -> request.bucket(BUCKET)
                                .key(sample.name())
                                .overrideConfiguration(
                                        override -> override.putHeader("x-amz-checksum-mode", "ENABLED")),
                        AsyncResponseTransformer.<GetObjectResponse>toPublisher())
                .whenComplete((answer, error) -> {
                    if (error != null) {
                        done.accept(error);
                    } else {
                        answer.subscribe(new Reader(sample, answer, done));
                    }
                });
    }

    private static String base64(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
    }

    /** Reads a body to its end and compares its checksum. */
    private static final class Reader implements Subscriber<ByteBuffer> {

        private final Sample sample;
        private final GetObjectResponse head;
        private final Consumer<@Nullable Throwable> done;
        private final CRC32C crc = new CRC32C();

        Reader(Sample sample, ResponsePublisher<GetObjectResponse> answer, Consumer<@Nullable Throwable> done) {
            this.sample = sample;
            this.head = answer.response();
            this.done = done;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            crc.update(bytes);
        }

        @Override
        public void onError(Throwable error) {
            done.accept(error);
        }

        @Override
        public void onComplete() {
            boolean same = base64((int) crc.getValue()).equals(head.checksumCRC32C())
                    && sample.isDescribedBy(head.metadata().get(METADATA));
            done.accept(same ? null : new IllegalStateException("another object came"));
        }
    }
}
