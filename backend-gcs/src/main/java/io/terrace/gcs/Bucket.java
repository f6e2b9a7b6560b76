// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The requests that are made of the store. All block, and each is one request, except where it says otherwise. */
final class Bucket {

    private static final int PAGE = 1000;

    private static final BlobGetOption DESCRIPTION = BlobGetOption.fields(
            BlobField.NAME,
            BlobField.GENERATION,
            BlobField.SIZE,
            BlobField.CRC32C,
            BlobField.CONTENT_TYPE,
            BlobField.CONTENT_ENCODING,
            BlobField.METADATA,
            BlobField.TIME_CREATED,
            BlobField.CUSTOM_TIME);

    private final Storage client;
    private final String bucket;
    private final ObjectNames names;

    Bucket(Storage client, String bucket, ObjectNames names) {
        this.client = client;
        this.bucket = bucket;
        this.names = names;
    }

    String name() {
        return bucket;
    }

    ObjectNames names() {
        return names;
    }

    /** What the store knows of a blob; {@code null} if it is not there. */
    @Nullable
    Blob describe(BlobId id) {
        return client.get(com.google.cloud.storage.BlobId.of(bucket, names.of(id)), DESCRIPTION);
    }

    static io.terrace.spi.BlobInfo infoOf(BlobId id, BlobInfo object) {
        return new io.terrace.spi.BlobInfo(id, object.getSize(), StoredMetadata.of(object));
    }

    /**
     * Writes a blob in one request, unless it is there. The client sends the CRC32C of the bytes with them, and the server stores
     * nothing if it does not match.
     */
    void insert(BlobId id, ObjectMetadata metadata, byte[] bytes, int offset, int length) {
        client.create(
                object(id, metadata).build(),
                bytes,
                offset,
                length,
                BlobTargetOption.doesNotExist(),
                BlobTargetOption.disableGzipContent());
    }

    /**
     * Starts to write a blob in chunks, unless it is there. The client digests what it sends, and sends the CRC32C of
     * all of it with the last chunk: if it does not match, the server stores nothing. Closing the channel is what makes the blob visible.
     */
    WriteChannel startSession(BlobId id, ObjectMetadata metadata, int chunkSize) {
        WriteChannel channel = client.writer(object(id, metadata).build(), BlobWriteOption.doesNotExist());
        channel.setChunkSize(chunkSize);
        return channel;
    }

    /** Opens one generation of a blob from a position. Nothing is requested before the first read. */
    ReadChannel reader(Blob described, long position, long end) throws IOException {
        ReadChannel channel = client.reader(
                com.google.cloud.storage.BlobId.of(bucket, described.getName(), described.getGeneration()));
        // Without a buffer of its own: whole buffers are read, straight into what the reader gets.
        channel.setChunkSize(0);
        channel.seek(position);
        return channel.limit(end);
    }

    /** Whether there was something to delete. */
    boolean delete(BlobId id) {
        return client.delete(com.google.cloud.storage.BlobId.of(bucket, names.of(id)));
    }

    /** The first page; each further page is one request. */
    Page<Blob> list(String objectPath, int pageSize) {
        return client.list(
                bucket,
                BlobListOption.prefix(names.beginningWith(objectPath)),
                BlobListOption.fields(BlobField.NAME),
                BlobListOption.pageSize(pageSize));
    }

    Page<Blob> list(String objectPath) {
        return list(objectPath, PAGE);
    }

    private BlobInfo.Builder object(BlobId id, ObjectMetadata metadata) {
        return StoredMetadata.addTo(BlobInfo.newBuilder(bucket, names.of(id)), metadata);
    }
}
