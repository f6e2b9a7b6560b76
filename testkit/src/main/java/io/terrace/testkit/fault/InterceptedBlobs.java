// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.ByteRange;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSessionListing;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

final class InterceptedBlobs extends InterceptedBackend<LongTermBackend> implements LongTermBackend {

    InterceptedBlobs(LongTermBackend delegate, SpiInterceptor interceptor) {
        super(BackendRole.LONG_TERM, delegate, interceptor);
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        return Mono.defer(() -> interceptor.aroundPut(
                next(SpiOperation.BLOB_PUT, id.storagePath()),
                body,
                gate,
                (bytes, commit) -> delegate.put(id, metadata, bytes, commit)));
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        Mono<BlobContent> invocation = delegate.get(id, range);
        return Mono.defer(() -> {
            SpiCall call = next(SpiOperation.BLOB_GET, id.storagePath());
            return interceptor.around(call, invocation).map(content -> interceptor.opened(call, content));
        });
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        return call(SpiOperation.BLOB_HEAD, id.storagePath(), delegate.head(id));
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        return call(SpiOperation.BLOB_DELETE, id.storagePath(), delegate.delete(id));
    }

    @Override
    <F> F intercept(Class<F> type, F facet) {
        if (facet instanceof BlobListing listing && type == BlobListing.class) {
            BlobListing seen = prefix -> stream(SpiOperation.BLOB_LIST, prefix, listing.list(prefix));
            return type.cast(seen);
        }
        if (facet instanceof UploadSessionListing listing && type == UploadSessionListing.class) {
            UploadSessionListing seen = prefix -> stream(SpiOperation.UPLOAD_LIST, prefix, listing.sessions(prefix));
            return type.cast(seen);
        }
        if (facet instanceof MultipartUploads uploads && type == MultipartUploads.class) {
            return type.cast(new InterceptedUploads(this, uploads));
        }
        if (facet instanceof MultiBlobDeletes deletes && type == MultiBlobDeletes.class) {
            return type.cast(new Deletes(deletes));
        }
        return facet;
    }

    private final class Deletes implements MultiBlobDeletes {
        private final MultiBlobDeletes deletes;

        Deletes(MultiBlobDeletes deletes) {
            this.deletes = deletes;
        }

        @Override
        public int maxBlobs() {
            return deletes.maxBlobs();
        }

        @Override
        public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
            String targets = ids.stream().map(BlobId::storagePath).collect(Collectors.joining(" "));
            return call(SpiOperation.BLOB_DELETE_ALL, targets, deletes.deleteAll(ids));
        }
    }
}
