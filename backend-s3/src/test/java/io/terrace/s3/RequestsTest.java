// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What calls cost, as the page about this backend says. */
class RequestsTest {

    private static final int PART = (int) S3Options.LEAST_PART_BYTES;

    private final Store store = new Store();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aBodyOfUpToOnePartIsOneRequest() {
        for (int size : List.of(0, 1, PART)) {
            store.put(Store.id(), Payload.of(Store.bytes(size)));
            assertThat(store.requests()).as("%s bytes", size).containsExactly("PutObject");
            store.put(Store.id(), Payload.from(Store.stream(Store.bytes(size))));
            assertThat(store.requests()).as("%s bytes, streamed", size).containsExactly("PutObject");
        }
    }

    @Test
    void aLongerOneIsARequestForEachPartAndTwo() {
        for (Payload body : List.of(
                Payload.of(Store.bytes(2 * PART + 1)),
                Payload.from(Store.stream(Store.bytes(2 * PART + 1))),
                Payload.from(Store.stream(Store.bytes(2 * PART + 1))).contentLength(2 * PART + 1))) {
            BlobId id = Store.id();
            store.put(id, body);

            assertThat(store.requests())
                    .containsExactly(
                            "CreateMultipartUpload",
                            "UploadPart",
                            "UploadPart",
                            "UploadPart",
                            "CompleteMultipartUpload");
            assertThat(store.read(id)).isEqualTo(Store.bytes(2 * PART + 1));
            store.requests();
        }
    }

    @Test
    void aBlobThatIsThereCostsOneMoreAndNoUploadIsLeft() {
        BlobId id = Store.id();
        store.put(id, Payload.of(Store.bytes(10)));
        store.requests();
        store.put(id, Payload.of(Store.bytes(10)));
        assertThat(store.requests()).containsExactly("PutObject", "HeadObject");
        store.put(id, Payload.of(Store.bytes(PART + 1)));

        assertThat(store.requests())
                .containsExactly(
                        "CreateMultipartUpload",
                        "UploadPart",
                        "UploadPart",
                        "CompleteMultipartUpload",
                        "AbortMultipartUpload",
                        "HeadObject");
        assertThat(store.bucket().uploads()).isEmpty();
        assertThat(store.read(id)).isEqualTo(Store.bytes(10));
    }

    @Test
    void readingAndDeletingIsOneRequestEach() {
        BlobId id = Store.id();
        store.put(id, Payload.of(Store.bytes(1000)));
        store.requests();
        store.read(id);
        assertThat(store.requests()).containsExactly("GetObject");
        Store.value(store.blobs().get(id, ByteRange.bounded(10, 20))).discard().block(Store.PATIENCE);
        assertThat(store.requests()).containsExactly("GetObject");
        Store.error(store.blobs().get(id, ByteRange.from(1000)));
        assertThat(store.requests()).containsExactly("GetObject", "HeadObject");
        Store.value(store.blobs().head(id));
        assertThat(store.requests()).containsExactly("HeadObject");
        store.blobs().delete(id).block(Store.PATIENCE);
        store.blobs().delete(id).block(Store.PATIENCE);
        assertThat(store.requests()).containsExactly("DeleteObject", "DeleteObject");
        Store.optional(store.blobs().get(id, null));
        assertThat(store.requests()).containsExactly("GetObject");
    }

    @Test
    void listingChecksAndBulkDeletesAreOneRequestEach() {
        List<BlobId> ids = List.of(Store.id(), Store.id(), Store.id());
        ids.forEach(id -> store.put(id, Payload.of(Store.bytes(1))));
        store.requests();

        assertThat(Store.value(store.blobs().list("").collectList())).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(store.requests()).containsExactly("ListObjectsV2");
        assertThat(Store.value(store.blobs().deleteAll(ids))).isEmpty();
        assertThat(store.requests()).containsExactly("DeleteObjects");
        assertThat(Store.value(store.blobs().check()).healthy()).isTrue();
        assertThat(store.requests()).containsExactly("ListObjectsV2");
    }

    /** A known hole of such stores: a time to idle that is prolonged by copying the object onto itself, beside a writer. */
    @Test
    void anObjectThatExpiresByIdleTimeIsNeverCopiedOntoItself() {
        BlobId id = Store.id();
        ObjectMetadata idle = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(1)))
                .build();
        Store.value(store.blobs().put(id, idle, Payload.of(Store.bytes(10)), CommitGate.OPEN));
        store.requests();
        store.read(id);
        Store.value(store.blobs().head(id));

        assertThat(store.requests()).containsExactly("GetObject", "HeadObject");
    }

    @Test
    void anUploadInPartsIsListedBeforeItIsCompleted() {
        MultipartUploads uploads = store.blobs().facet(MultipartUploads.class).orElseThrow();
        UploadSession session = Store.value(uploads.start(Store.id(), ObjectMetadata.defaults()));
        UploadedPart part = Store.value(uploads.uploadPart(session, 1, Payload.of(Store.bytes(10)), null));
        assertThat(store.requests()).containsExactly("CreateMultipartUpload", "UploadPart");
        Store.value(uploads.complete(session, List.of(part)));

        assertThat(store.requests()).containsExactly("ListParts", "CompleteMultipartUpload", "HeadObject");
    }
}
