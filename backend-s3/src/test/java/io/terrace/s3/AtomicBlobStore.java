// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Makes conditional writes atomic, as those of S3 are: S3Proxy looks at the object first and writes then. The body is read
 * before the lock is taken, and the condition checked again below it. An upload has all its parts or is gone.
 */
final class AtomicBlobStore extends ForwardingBlobStore {

    private static final int STRIPES = 64;

    private final Object[] locks =
            IntStream.range(0, STRIPES).mapToObj(i -> new Object()).toArray();

    AtomicBlobStore(BlobStore store) {
        super(store);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return locked(request.bucket(), request.key(), () -> {
            check(request.bucket(), request.key(), request.ifMatch(), request.ifNoneMatch());
            return super.putBlob(request, new ByteArrayInputStream(bytes));
        });
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        return locked(upload.containerName(), upload.blobName(), () -> {
            check(upload.containerName(), upload.blobName(), request.ifMatch(), request.ifNoneMatch());
            return super.completeMultipartUpload(upload, request);
        });
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        return locked(upload.containerName(), upload.blobName(), () -> super.listMultipartUpload(upload));
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        locked(upload.containerName(), upload.blobName(), () -> {
            super.abortMultipartUpload(upload);
            return upload;
        });
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return locked(request.bucket(), request.key(), () -> {
            check(request.bucket(), request.key(), request.ifMatch(), null);
            return super.removeBlob(request);
        });
    }

    private void check(String bucket, String key, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch == null && ifNoneMatch == null) {
            return;
        }
        HeadObjectResponse found = delegate().blobMetadataIfPresent(bucket, key);
        if ((ifNoneMatch != null && found != null)
                || (ifMatch != null && (found == null || !bare(ifMatch).equals(bare(found.eTag()))))) {
            throw S3Exceptions.preconditionFailed(null);
        }
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }

    private <T> T locked(String bucket, String key, Supplier<T> work) {
        synchronized (locks[Math.floorMod((bucket + "/" + key).hashCode(), STRIPES)]) {
            return work.get();
        }
    }
}
