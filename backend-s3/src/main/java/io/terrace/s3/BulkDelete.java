// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.Determinacy;
import io.terrace.spi.BlobId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes many blobs in one request. */
final class BulkDelete {

    /** What S3 takes. */
    static final int MAX_BLOBS = 1000;

    private final S3Store store;

    BulkDelete(S3Store store) {
        this.store = store;
    }

    Mono<Map<BlobId, Throwable>> of(Collection<BlobId> ids) {
        if (ids.size() > MAX_BLOBS) {
            return Mono.error(new IllegalArgumentException(
                    "There are " + ids.size() + " ids, but one call takes at most " + MAX_BLOBS + "."));
        }
        Map<String, BlobId> byKey = new HashMap<>();
        ids.forEach(id -> byKey.put(store.keys().of(id), id));
        if (byKey.isEmpty()) {
            return Mono.just(Map.of());
        }
        return S3Store.write("deleting " + byKey.size() + " blobs", () -> store.client()
                        .deleteObjects(request -> request.bucket(store.bucket()).delete(delete -> delete.quiet(true)
                                .objects(byKey.keySet().stream()
                                        .map(key -> ObjectIdentifier.builder()
                                                .key(key)
                                                .build())
                                        .toList()))))
                .map(answer -> failures(answer, byKey));
    }

    private static Map<BlobId, Throwable> failures(DeleteObjectsResponse answer, Map<String, BlobId> byKey) {
        Map<BlobId, Throwable> failures = new HashMap<>();
        for (S3Error error : answer.errors()) {
            BlobId id = byKey.get(error.key());
            if (id != null && !"NoSuchKey".equals(error.code())) {
                failures.put(id, meaning(id, error));
            }
        }
        return failures;
    }

    private static Throwable meaning(BlobId id, S3Error error) {
        String code = String.valueOf(error.code());
        return S3Errors.ofAnswer(
                code,
                0,
                "It failed: deleting the blob " + id + " (" + code + ": " + error.message() + ")",
                Determinacy.UNKNOWN,
                null);
    }
}
