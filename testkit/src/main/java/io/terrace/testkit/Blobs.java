// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A blob store under test, with its calls awaited. */
final class Blobs {

    private static final TerraceRuntime IDS = TerraceRuntime.system();

    private final Supplier<? extends LongTermBackend> backend;
    private final AtomicInteger issued = new AtomicInteger();

    Blobs(Supplier<? extends LongTermBackend> backend) {
        this.backend = backend;
    }

    LongTermBackend backend() {
        return backend.get();
    }

    /** A blob of an object that no other call has named. */
    BlobId fresh() {
        return new BlobId(Samples.object("blob-" + issued.incrementAndGet()), IDS.newUuid());
    }

    static BlobId of(String key) {
        return new BlobId(Samples.object(key), IDS.newUuid());
    }

    /** A body that is read once and whose length is not announced. */
    static Payload stream(Iterable<ByteBuffer> pieces) {
        return Payload.from(Flux.fromIterable(pieces).map(ByteBuffer::duplicate));
    }

    Mono<BlobInfo> put(BlobId id, Payload body, CommitGate gate) {
        return backend().put(id, Samples.metadata("blob"), body, gate);
    }

    BlobInfo put(BlobId id, Payload body) {
        return Await.value(put(id, body, CommitGate.OPEN));
    }

    /** A blob of that many bytes. */
    BlobId installed(int size) {
        BlobId id = fresh();
        put(id, Payload.of(Bytes.of(size)));
        return id;
    }

    BlobContent open(BlobId id, @Nullable ByteRange range) {
        return Await.value(backend().get(id, range));
    }

    ByteBuffer read(BlobId id) {
        return read(id, null);
    }

    ByteBuffer read(BlobId id, @Nullable ByteRange range) {
        return Bytes.join(Await.all(open(id, range).body()));
    }

    /** Checks that nothing can be seen of a blob, now and for a while. */
    void assertInvisible(BlobId id) {
        Await.remains(() -> assertAbsent(id));
    }

    void assertAbsent(BlobId id) {
        assertThat(Await.optional(backend().head(id))).isEmpty();
        assertThat(Await.optional(backend().get(id, null))).isEmpty();
        backend().facet(BlobListing.class).ifPresent(listing -> assertThat(Await.all(listing.list("")))
                .doesNotContain(id));
    }
}
