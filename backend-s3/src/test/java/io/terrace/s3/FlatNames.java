// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Keeps each object in a file beside all others. The store below makes directories of what stands before a slash, so that an
 * object stands in the way of those whose names go on after it, as it does not on S3.
 */
final class FlatNames extends ForwardingBlobStore {

    FlatNames(BlobStore store) {
        super(store);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        return super.putBlob(request.toBuilder().key(flat(request.key())).build(), body);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        return super.blobMetadata(request.toBuilder().key(flat(request.key())).build());
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        return super.getBlob(request.toBuilder().key(flat(request.key())).build());
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return super.removeBlob(request.toBuilder().key(flat(request.key())).build());
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response page = super.list(request.toBuilder()
                .prefix(flatOrNull(request.prefix()))
                .startAfter(flatOrNull(request.startAfter()))
                .continuationToken(request.continuationToken())
                .build());
        return page.toBuilder()
                .contents(page.contents().stream()
                        .map(object ->
                                object.toBuilder().key(deep(object.key())).build())
                        .toList())
                .build();
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        return super.initiateMultipartUpload(
                request.toBuilder().key(flat(request.key())).build());
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request, InputStream body) {
        try {
            requireUpload(upload);
        } catch (NoSuchUploadException gone) {
            drain(body);
            throw gone;
        }
        return super.uploadMultipartPart(
                flat(upload), request.toBuilder().key(flat(request.key())).build(), body);
    }

    /** A client that is answered before it has sent all sees a broken connection. */
    private static void drain(InputStream body) {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        requireUpload(upload);
        return super.listMultipartUpload(flat(upload));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        requireUpload(upload);
        return super.completeMultipartUpload(
                flat(upload), request.toBuilder().key(flat(request.key())).build());
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        requireUpload(upload);
        super.abortMultipartUpload(flat(upload));
    }

    /** The store below takes parts of uploads that are gone. */
    private void requireUpload(MultipartUpload upload) {
        boolean known = super.listMultipartUploads(upload.containerName()).stream()
                .anyMatch(open ->
                        open.uploadId().equals(upload.id()) && open.key().equals(flat(upload.blobName())));
        if (!known) {
            throw NoSuchUploadException.builder()
                    .statusCode(404)
                    .message("There is no such upload.")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("NoSuchUpload")
                            .errorMessage("There is no such upload.")
                            .sdkHttpResponse(
                                    SdkHttpResponse.builder().statusCode(404).build())
                            .build())
                    .build();
        }
    }

    private static MultipartUpload flat(MultipartUpload upload) {
        return new MultipartUpload(
                upload.id(),
                upload.request().toBuilder().key(flat(upload.blobName())).build());
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        return super.listMultipartUploads(bucket).stream()
                .map(upload -> upload.toBuilder().key(deep(upload.key())).build())
                .toList();
    }

    private static @Nullable String flatOrNull(@Nullable String key) {
        return key == null ? null : flat(key);
    }

    private static String flat(String key) {
        return key.replace("%", "%25").replace("/", "%2F");
    }

    private static String deep(String name) {
        return name.replace("%2F", "/").replace("%25", "%");
    }
}
