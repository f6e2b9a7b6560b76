// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.MultipartUploadClient;
import com.google.cloud.storage.MultipartUploadSettings;
import com.google.cloud.storage.RequestBody;
import com.google.cloud.storage.multipartupload.model.AbortMultipartUploadRequest;
import com.google.cloud.storage.multipartupload.model.CompleteMultipartUploadRequest;
import com.google.cloud.storage.multipartupload.model.CompleteMultipartUploadResponse;
import com.google.cloud.storage.multipartupload.model.CompletedMultipartUpload;
import com.google.cloud.storage.multipartupload.model.CompletedPart;
import com.google.cloud.storage.multipartupload.model.CreateMultipartUploadRequest;
import com.google.cloud.storage.multipartupload.model.ListMultipartUploadsRequest;
import com.google.cloud.storage.multipartupload.model.ListMultipartUploadsResponse;
import com.google.cloud.storage.multipartupload.model.ListPartsRequest;
import com.google.cloud.storage.multipartupload.model.ListPartsResponse;
import com.google.cloud.storage.multipartupload.model.Part;
import com.google.cloud.storage.multipartupload.model.UploadPartRequest;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.UploadedPart;
import io.terrace.gcs.GcsErrors.Kind;
import io.terrace.spi.BlobId;
import io.terrace.spi.UploadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests of uploads in parts, by the XML API. The only class that knows the client for it, which is young. All block, and
 * each is one request.
 */
final class XmlUploads {

    static final int PAGE = 1000;
    static final int MAX_PARTS = 10_000;

    /** Of each part but the last one. */
    static final long MIN_PART_BYTES = 5L << 20;

    private final MultipartUploadClient client;
    private final String bucket;
    private final ObjectNames names;

    XmlUploads(HttpStorageOptions options, String bucket, ObjectNames names) {
        this.client = MultipartUploadClient.create(MultipartUploadSettings.of(options));
        this.bucket = bucket;
        this.names = names;
    }

    UploadSession start(BlobId id, ObjectMetadata metadata) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(names.of(id))
                .contentType(metadata.contentType())
                .metadata(StoredMetadata.whole(metadata));
        if (metadata.compression() != null) {
            request.contentEncoding(metadata.compression().toString());
        }
        return new UploadSession(
                id, client.createMultipartUpload(request.build()).uploadId());
    }

    /** The client sends the CRC32C of the bytes with them, and the server stores nothing if it does not match. */
    UploadedPart store(UploadSession session, int number, ByteBuffer bytes) {
        UploadPartRequest request = UploadPartRequest.builder()
                .bucket(bucket)
                .key(names.of(session.blob()))
                .uploadId(session.token())
                .partNumber(number)
                .build();
        return new UploadedPart(
                number,
                unquoted(client.uploadPart(request, RequestBody.of(bytes)).eTag()));
    }

    PartPage parts(UploadSession session, int after, int max) {
        ListPartsResponse page = client.listParts(ListPartsRequest.builder()
                .bucket(bucket)
                .key(names.of(session.blob()))
                .uploadId(session.token())
                .partNumberMarker(after)
                .maxParts(max)
                .build());
        List<Part> parts = page.parts() == null ? List.of() : page.parts();
        return new PartPage(parts.stream().map(XmlUploads::infoOf).toList(), page.truncated() && !parts.isEmpty());
    }

    private static PartInfo infoOf(Part part) {
        return new PartInfo(
                part.partNumber(),
                unquoted(part.eTag()),
                part.size(),
                part.lastModified().toInstant().toEpochMilli() * 1000);
    }

    /** @throws IOException if the server had begun to answer before it failed, which the client takes for success */
    void complete(UploadSession session, List<UploadedPart> list) throws IOException {
        List<CompletedPart> parts = list.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag("\"" + part.etag() + "\"")
                        .build())
                .toList();
        CompleteMultipartUploadResponse answer = client.completeMultipartUpload(CompleteMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(names.of(session.blob()))
                .uploadId(session.token())
                .multipartUpload(CompletedMultipartUpload.builder().parts(parts).build())
                .build());
        if (answer.etag() == null) {
            throw new IOException("the answer names no object");
        }
    }

    /** A session that is not there is success. */
    void abort(UploadSession session) {
        try {
            client.abortMultipartUpload(AbortMultipartUploadRequest.builder()
                    .bucket(bucket)
                    .key(names.of(session.blob()))
                    .uploadId(session.token())
                    .build());
        } catch (RuntimeException e) {
            if (GcsErrors.kindOf(e) != Kind.ABSENT) {
                throw e;
            }
        }
    }

    /** One page of sessions, after that one. What is not ours is left out. */
    SessionPage sessions(String objectPath, @Nullable Mark after) {
        ListMultipartUploadsRequest.Builder request = ListMultipartUploadsRequest.builder()
                .bucket(bucket)
                .prefix(names.beginningWith(objectPath))
                .maxUploads(PAGE);
        if (after != null) {
            request.keyMarker(after.key()).uploadIdMarker(after.uploadId());
        }
        ListMultipartUploadsResponse page = client.listMultipartUploads(request.build());
        List<UploadSession> ours = page.uploads() == null
                ? List.of()
                : page.uploads().stream()
                        .flatMap(upload -> Stream.ofNullable(names.blobOf(upload.key(), objectPath))
                                .map(id -> new UploadSession(id, upload.uploadId())))
                        .toList();
        return new SessionPage(
                ours, page.truncated() ? new Mark(page.nextKeyMarker(), page.nextUploadIdMarker()) : null);
    }

    /** Where a page ends. */
    record Mark(String key, String uploadId) {}

    /** @param next where the next page begins; {@code null} if there is none */
    record SessionPage(
            List<UploadSession> sessions, @Nullable Mark next) {}

    private static String unquoted(String etag) {
        return etag.startsWith("\"") && etag.endsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
    }
}
