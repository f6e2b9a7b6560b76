// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static com.google.cloud.bigtable.data.v2.models.Filters.FILTERS;

import com.google.cloud.bigtable.data.v2.models.Filters.Filter;
import com.google.cloud.bigtable.data.v2.models.Filters.InterleaveFilter;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.terrace.Determinacy;
import io.terrace.TooLargeException;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a request asks of a row. A head and a cell of the reference are never in one row, so no predicate needs a negation,
 * which the store does not evaluate atomically. Values are compared by ranges: in a regular expression, bytes of a version
 * would mean something.
 */
final class Predicates {

    /** A predicate may take 20 KB, and the value is its largest part. */
    static final int MAX_LEGACY_BYTES = 16 * 1024;

    private static final int WHOLE_TWICE_BYTES = 8 * 1024;
    private static final int BEGINNING_BYTES = 2 * 1024;
    private static final byte[] KINDS = "ITM".getBytes(StandardCharsets.US_ASCII);

    private final boolean legacy;
    private final Filter tombstone;
    private final Filter any;
    private final Filter head;
    private final Filter headAndPlace;

    /** @param legacy whether rows of the reference are looked at */
    Predicates(boolean legacy) {
        this.legacy = legacy;
        this.tombstone = tombstones();
        this.any = orHead(legacy, Cells.LEGACY_METADATA, Cells.LEGACY_TARGET);
        this.head = orHead(legacy, Cells.LEGACY_METADATA, Cells.LEGACY_TARGET, Cells.LEGACY_POLICY);
        this.headAndPlace = FILTERS.interleave()
                .filter(head)
                .filter(FILTERS.chain()
                        .filter(qualifier(Cells.PAYLOAD))
                        .filter(FILTERS.value().strip()));
    }

    boolean legacy() {
        return legacy;
    }

    /** The row is a tombstone, whatever its age. */
    Filter tombstone() {
        return tombstone;
    }

    /** There is a row; a payload alone is what the store left behind, and none. */
    Filter any() {
        return any;
    }

    /** For reading: everything but the payload. */
    Filter head() {
        return head;
    }

    /** For reading: everything but the payload's bytes. */
    Filter headAndPlace() {
        return headAndPlace;
    }

    /** The row is at exactly that version; which kind it is, the version does not say. */
    Filter exactly(RowVersion version) {
        byte[] any = new byte[RowFrame.VERSION_BYTES];
        ByteBuffer fields = ByteBuffer.wrap(any).position(1);
        version.writeId().writeTo(fields);
        fields.putLong(version.bump());
        InterleaveFilter kinds = FILTERS.interleave();
        for (byte kind : KINDS) {
            byte[] prefix = any.clone();
            prefix[0] = kind;
            kinds.filter(prefixed(UnsafeByteOperations.unsafeWrap(prefix)));
        }
        return FILTERS.chain().filter(qualifier(Cells.HEAD)).filter(kinds);
    }

    /**
     * The row of the reference still is what it was. A long value is compared by its order and its beginning, which is enough
     * as long as nobody writes such cells any more.
     *
     * @throws TooLargeException if the store would not take the value as a part of a predicate
     */
    static Filter exactly(LegacyCell cell) {
        ByteString value = cell.value();
        if (value.size() > MAX_LEGACY_BYTES) {
            throw new TooLargeException(
                    BigtableErrors.BACKEND,
                    "The metadata of this row, which an earlier system wrote, take " + value.size()
                            + " bytes, but Bigtable compares at most " + MAX_LEGACY_BYTES
                            + ". Put the object anew, which compares nothing.",
                    Determinacy.NOT_APPLIED);
        }
        ByteString end = value.size() <= WHOLE_TWICE_BYTES
                ? value.concat(ByteString.copyFrom(new byte[1]))
                : successor(value.substring(0, BEGINNING_BYTES));
        return FILTERS.chain()
                .filter(FILTERS.family().exactMatch(cell.family()))
                .filter(qualifier(cell.qualifier()))
                .filter(FILTERS.timestamp().exact(cell.timestampMicros()))
                .filter(FILTERS.value().range().startClosed(value).endOpen(end));
    }

    /** The first bytes that come after all that begin with these. Of bytes that are all 0xFF there are none. */
    static ByteString successor(ByteString prefix) {
        byte[] bytes = prefix.toByteArray();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] != -1) {
                bytes[i]++;
                return UnsafeByteOperations.unsafeWrap(bytes, 0, i + 1);
            }
        }
        throw new IllegalArgumentException("nothing comes after all bytes that begin with 0xFF");
    }

    private Filter tombstones() {
        Filter ours = FILTERS.chain().filter(qualifier(Cells.HEAD)).filter(prefixed(ByteString.copyFromUtf8("T")));
        return legacy
                ? FILTERS.interleave()
                        .filter(ours)
                        .filter(qualifier(Cells.LEGACY_TARGET))
                        .filter(FILTERS.chain()
                                .filter(qualifier(Cells.LEGACY_METADATA))
                                .filter(prefixed(Cells.REDIRECT)))
                : ours;
    }

    private static Filter orHead(boolean legacy, ByteString... qualifiers) {
        if (!legacy) {
            return qualifier(Cells.HEAD);
        }
        InterleaveFilter any = FILTERS.interleave().filter(qualifier(Cells.HEAD));
        for (ByteString qualifier : qualifiers) {
            any.filter(qualifier(qualifier));
        }
        return any;
    }

    private static Filter qualifier(ByteString name) {
        return FILTERS.qualifier().exactMatch(name);
    }

    private static Filter prefixed(ByteString prefix) {
        return FILTERS.value().range().startClosed(prefix).endOpen(successor(prefix));
    }
}
