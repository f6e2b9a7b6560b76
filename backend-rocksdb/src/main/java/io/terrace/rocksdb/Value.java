// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A value write, ready to be noted: made by the caller, so that the committer has little to do. */
final class Value {

    final RowFrame frame;
    /** The bytes of the frame. */
    final byte[] encoded;
    /** The payload under its write id; {@code null} if there is none. */
    final byte @Nullable [] sealed;

    private Value(RowFrame frame, byte[] encoded, byte @Nullable [] sealed) {
        this.frame = frame;
        this.encoded = encoded;
        this.sealed = sealed;
    }

    /** Copies the payload, which is the caller's again when it has cancelled. */
    static Value of(RowHead head, @Nullable ByteBuffer payload, long retentionMicros) {
        RowFrame frame = RowFrame.of(head, null, payload, retentionMicros);
        byte[] sealed = payload == null ? null : Keys.seal(head.writeId(), payload);
        return new Value(frame, Batch.bytes(frame.encode()), sealed);
    }
}
