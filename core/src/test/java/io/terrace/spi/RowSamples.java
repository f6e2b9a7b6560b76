// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.MetadataSamples;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scopes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Rows to encode, change and compare. */
final class RowSamples {
    static final ObjectId OBJECT =
            ObjectId.of(ObjectContext.of("usecase", Scopes.none().and("org", "17")), "a/b");
    static final BlobId BLOB = new BlobId(OBJECT, UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
    static final WriteId WRITE = new WriteId(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
    static final RowVersion VERSION = RowVersion.of(WRITE, 7);
    static final Deadline DEADLINE = new Deadline(1_700_000_000_000_000L);
    static final long WRITTEN = 1_600_000_000_000_000L;
    static final long RETENTION = 3_600_000_000L;

    private RowSamples() {}

    static RowHead inline(Deadline deadline) {
        return new RowHead(RowKind.INLINE, VERSION, deadline, WRITTEN, ObjectMetadata.of("a/b"), null);
    }

    static RowHead tombstone(Deadline deadline) {
        return new RowHead(RowKind.TOMBSTONE, VERSION, deadline, WRITTEN, MetadataSamples.full(), BLOB);
    }

    static RowHead marker() {
        return new RowHead(RowKind.MARKER, VERSION, Deadline.NONE, WRITTEN, null, null);
    }

    static ByteBuffer payload() {
        return ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
    }
}
