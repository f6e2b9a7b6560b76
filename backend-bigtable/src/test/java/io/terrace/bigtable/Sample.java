// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.bigtable.data.v2.models.RowMutation;
import com.google.cloud.bigtable.data.v2.models.TableId;
import com.google.protobuf.ByteString;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows in a table of its own, with their calls awaited and their requests seen. */
final class Sample {

    private static final TerraceRuntime RUNTIME = TerraceRuntime.system();

    private final String table;
    private final Wire wire = new Wire();
    private final BigtableRows rows;

    Sample() {
        this(BigtableServer.shared().newTable(), builder -> builder);
    }

    Sample(String table, UnaryOperator<BigtableRows.Builder> settings) {
        this(table, settings.apply(BigtableServer.shared().rows(table, RUNTIME)));
    }

    Sample(String table, BigtableRows.Builder builder) {
        this.table = table;
        this.rows = builder.interceptor(wire).build();
    }

    static ObjectId id(String key) {
        return ObjectId.of(ObjectContext.of("test"), key);
    }

    static InlineObject object(int bytes) {
        return object(bytes, Deadline.NONE);
    }

    static InlineObject object(int bytes, Deadline deadline) {
        return new InlineObject(
                ObjectMetadata.of("text/plain"),
                deadline,
                ByteBuffer.wrap("x".repeat(bytes).getBytes(UTF_8)));
    }

    static RowWrite inline(int bytes) {
        return new RowWrite.Inline(RUNTIME.newWriteId(), object(bytes));
    }

    static RowWrite inline(int bytes, Deadline deadline) {
        return new RowWrite.Inline(RUNTIME.newWriteId(), object(bytes, deadline));
    }

    static RowWrite tombstone(ObjectId id) {
        return tombstone(id, Deadline.NONE);
    }

    static RowWrite tombstone(ObjectId id, Deadline deadline) {
        return new RowWrite.Tombstone(
                RUNTIME.newWriteId(), new BlobId(id, RUNTIME.newUuid()), ObjectMetadata.of("text/plain"), deadline);
    }

    static RowWrite marker() {
        return new RowWrite.Marker(RUNTIME.newWriteId());
    }

    BigtableRows rows() {
        return rows;
    }

    String table() {
        return table;
    }

    Wire wire() {
        return wire;
    }

    WriteId writeId() {
        return RUNTIME.newWriteId();
    }

    Deadline inDays(int days) {
        return Deadline.at(RUNTIME.now().plus(Duration.ofDays(days)));
    }

    @Nullable
    Row read(ObjectId id, RowProjection projection) {
        return rows.read(id, projection).block();
    }

    RowHead head(ObjectId id) {
        Row row = read(id, RowProjection.HEAD);
        return row == null ? RowHead.ABSENT : row.head();
    }

    /** The payload, empty if there is none. */
    String text(ObjectId id) {
        Row row = read(id, RowProjection.FULL);
        ByteBuffer payload = row == null ? null : row.payload();
        return payload == null ? "" : UTF_8.decode(payload).toString();
    }

    BlindOutcome put(ObjectId id, int bytes) {
        return Objects.requireNonNull(
                rows.putUnlessTombstone(id, writeId(), object(bytes)).block());
    }

    BlindOutcome delete(ObjectId id) {
        return Objects.requireNonNull(rows.deleteUnlessTombstone(id, writeId()).block());
    }

    CasOutcome cas(ObjectId id, RowVersion expected, RowWrite write) {
        return Objects.requireNonNull(rows.compareAndSet(id, expected, write).block());
    }

    CasOutcome bump(ObjectId id, RowHead expected, RowChange change) {
        return Objects.requireNonNull(rows.bump(id, expected, change).block());
    }

    /** Adds cells as anybody may: the name of each, then its value. */
    void raw(ObjectId id, String family, long timestampMicros, String... cells) {
        RowMutation mutation = RowMutation.create(TableId.of(table), id.storagePath());
        for (int i = 0; i < cells.length; i += 2) {
            mutation.setCell(
                    family, ByteString.copyFromUtf8(cells[i]), timestampMicros, ByteString.copyFromUtf8(cells[i + 1]));
        }
        BigtableServer.shared().client().mutateRow(mutation);
    }

    /** Puts a head there, as if a write had left it. */
    void rawHead(ObjectId id, ByteString head) {
        BigtableServer.shared()
                .client()
                .mutateRow(RowMutation.create(TableId.of(table), id.storagePath())
                        .setCell(Cells.LASTING, Cells.HEAD, 1_800_000_000_000_000L, head));
    }

    void deleteRow(ObjectId id) {
        BigtableServer.shared()
                .client()
                .mutateRow(
                        RowMutation.create(TableId.of(table), id.storagePath()).deleteRow());
    }

    /** What is in the table, {@code null} for nothing. */
    com.google.cloud.bigtable.data.v2.models.@Nullable Row cells(ObjectId id) {
        return BigtableServer.shared().client().readRow(TableId.of(table), id.storagePath());
    }

    void close() {
        rows.closeLater().block();
    }
}
