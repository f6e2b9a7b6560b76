// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ObjectMetadata;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/** One upload: when the body is on the disk the gate is awaited, and then the file gets its name. */
final class BlobUpload extends Incoming<BlobInfo> {

    private final LocalFsBlobs blobs;
    private final BlobId id;
    private final ObjectMetadata metadata;
    private final CommitGate gate;
    private final CRC32C crc = new CRC32C();

    private long length;
    private @Nullable Disposable waiting;

    BlobUpload(
            LocalFsBlobs blobs,
            IoThreads io,
            BlobId id,
            ObjectMetadata metadata,
            CommitGate gate,
            MonoSink<BlobInfo> sink) {
        super(blobs, io, "storing the blob " + id, sink);
        this.blobs = blobs;
        this.id = id;
        this.metadata = metadata;
        this.gate = gate;
    }

    /** Its length does not depend on that of the body, or on its checksum. */
    @Override
    ByteBuffer head() {
        return BlobFrame.encode(id, metadata, length, (int) crc.getValue());
    }

    @Override
    void took(ByteBuffer bytes) {
        length += bytes.remaining();
        crc.update(bytes.duplicate());
    }

    @Override
    void arrived(Temporary file) {
        waiting = gate.opened().subscribe(unused -> {}, this::fail, () -> step(() -> publish(file)));
    }

    private void publish(Temporary file) throws IOException {
        waiting = null;
        blobs.fuse().check();
        succeed(blobs.publish(file, new BlobInfo(id, length, metadata)));
    }

    @Override
    void letGo() {
        super.letGo();
        if (waiting != null) {
            waiting.dispose();
        }
    }
}
