// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadSession;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Many uploads for one name that are completed at once: one of them makes the blob, and all are told which. */
class RacingCompletionsTest {

    private static final int RACERS = 8;

    @Test
    void allAreToldOfTheSameBlob() {
        try (EmbeddedS3 server = EmbeddedS3.start()) {
            assertThat(roundsThatDisagree(server, 15, 15, new ExecutionInterceptor() {}))
                    .isZero();
        }
    }

    /** The negative control: the same without the condition. */
    @Test
    void withoutTheConditionTheyOverwriteEachOther() {
        ExecutionInterceptor unconditional = new ExecutionInterceptor() {
            @Override
            public SdkHttpRequest modifyHttpRequest(
                    Context.ModifyHttpRequest context, ExecutionAttributes executionAttributes) {
                return context.httpRequest().copy(request -> request.removeHeader("If-None-Match"));
            }
        };
        try (EmbeddedS3 server = EmbeddedS3.start()) {
            assertThat(roundsThatDisagree(server, 30, 1, unconditional)).isPositive();
        }
    }

    private static int roundsThatDisagree(EmbeddedS3 server, int rounds, int enough, ExecutionInterceptor interceptor) {
        S3Blobs blobs = S3Blobs.builder(TerraceRuntime.system())
                .bucket(server.createBucket())
                .endpoint(server.endpoint())
                .pathStyle(true)
                .accessKey(server.accessKeyId(), server.secretAccessKey())
                .interceptor(interceptor)
                .build();
        MultipartUploads uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        int disagreeing = 0;
        for (int i = 0; i < rounds && disagreeing < enough; i++) {
            BlobId id = Store.id();
            List<Mono<BlobInfo>> completions = Store.value(Flux.range(1, RACERS)
                    .concatMap(size -> prepared(uploads, id, size))
                    .collectList());
            List<Long> sizes = Store.value(Flux.fromIterable(completions)
                    .flatMap(completion -> completion.subscribeOn(Schedulers.parallel()), RACERS)
                    .map(BlobInfo::size)
                    .distinct()
                    .collectList());
            long stored = Store.value(blobs.head(id)).size();
            if (!sizes.equals(List.of(stored))) {
                disagreeing++;
            }
        }
        blobs.closeLater().block(Store.PATIENCE);
        return disagreeing;
    }

    /** An upload of that many bytes that is to be completed. */
    private static Mono<Mono<BlobInfo>> prepared(MultipartUploads uploads, BlobId id, int size) {
        Mono<UploadSession> start = uploads.start(id, ObjectMetadata.defaults());
        return start.flatMap(session -> {
            Mono<UploadedPart> part = uploads.uploadPart(session, 1, Payload.of(Store.bytes(size)), null);
            return part.map(uploaded -> uploads.complete(session, List.of(uploaded)));
        });
    }
}
