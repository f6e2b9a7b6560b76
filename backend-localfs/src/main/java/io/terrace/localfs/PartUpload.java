// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.Checksum;
import io.terrace.PartInfo;
import io.terrace.UploadedPart;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.PartDigest;
import io.terrace.spi.UploadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** One part: when it is on the disk it takes the place of the one before, in its session's directory. */
final class PartUpload extends Incoming<UploadedPart> {

    /** Stands in the place of the ETag until that is known. */
    private static final String UNKNOWN = "0".repeat(32);

    private final LocalFsUploads uploads;
    private final UploadSession session;
    private final int number;
    private final @Nullable Checksum checksum;
    private final PartDigest digest = new PartDigest();
    private String etag = UNKNOWN;

    PartUpload(
            LocalFsUploads uploads,
            LocalFsBlobs blobs,
            IoThreads io,
            UploadSession session,
            int number,
            @Nullable Checksum checksum,
            MonoSink<UploadedPart> sink) {
        super(blobs, io, "storing part " + number + " of the " + session, sink);
        this.uploads = uploads;
        this.session = session;
        this.number = number;
        this.checksum = checksum;
    }

    @Override
    ByteBuffer head() {
        PartInfo info = new PartInfo(number, etag, digest.size(), uploads.nowMicros());
        return new PartFrame(info, digest.crc32c()).encode();
    }

    @Override
    void took(ByteBuffer bytes) {
        digest.update(bytes);
    }

    @Override
    void whole() {
        etag = digest.finish(number, checksum);
    }

    @Override
    void arrived(Temporary file) throws IOException {
        uploads.store(file, session, number);
        succeed(new UploadedPart(number, etag));
    }
}
