// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import static com.google.cloud.bigtable.data.v2.models.Filters.FILTERS;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.models.ConditionalRowMutation;
import com.google.cloud.bigtable.data.v2.models.Filters.Filter;
import com.google.cloud.bigtable.data.v2.models.Filters.InterleaveFilter;
import com.google.cloud.bigtable.data.v2.models.Mutation;
import com.google.cloud.bigtable.data.v2.models.Query;
import com.google.cloud.bigtable.data.v2.models.Row;
import com.google.cloud.bigtable.data.v2.models.TableId;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of {@link BigtableCalls} by hand. What is not new in each of them is made once: row keys, and predicates that ask
 * for no version. Heads are encoded and decoded, and payloads digested, both ways.
 */
final class BigtableBare {

    private static final TerraceRuntime RUNTIME = TerraceRuntime.system();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ApiCallContext CONTEXT = GrpcCallContext.createDefault()
            .withTimeoutDuration(TIMEOUT)
            .withRetryableCodes(Set.of())
            .withRetrySettings(RetrySettings.newBuilder()
                    .setMaxAttempts(1)
                    .setInitialRpcTimeoutDuration(TIMEOUT)
                    .setMaxRpcTimeoutDuration(TIMEOUT)
                    .setTotalTimeoutDuration(TIMEOUT)
                    .build());
    private static final String FAMILY = "fm";
    private static final ByteString HEAD = ByteString.copyFromUtf8("h");
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8("p");
    private static final ByteString END_OF_TOMBSTONES = ByteString.copyFromUtf8("U");
    private static final String KINDS = "ITM";
    private static final Filter TOMBSTONE = FILTERS.interleave()
            .filter(FILTERS.chain()
                    .filter(FILTERS.qualifier().exactMatch(HEAD))
                    .filter(FILTERS.value()
                            .range()
                            .startClosed(ByteString.copyFromUtf8("T"))
                            .endOpen(END_OF_TOMBSTONES)))
            .filter(FILTERS.qualifier().exactMatch("r"))
            .filter(FILTERS.chain()
                    .filter(FILTERS.qualifier().exactMatch("m"))
                    .filter(FILTERS.value()
                            .range()
                            .startClosed(ByteString.copyFromUtf8("{\"is_redirect_tombstone\":true"))
                            .endOpen(ByteString.copyFromUtf8("{\"is_redirect_tombstone\":truf"))));

    private final BigtableDataClient client;
    private final TableId table;
    private final Sample sample;
    private final FreeRows free = new FreeRows();
    private final ByteString[] keys = new ByteString[FreeRows.COUNT];
    private final AtomicReferenceArray<ByteBuffer> versions = new AtomicReferenceArray<>(FreeRows.COUNT);

    private BigtableBare(BigtableDataClient client, String table, Sample sample) {
        this.client = client;
        this.table = TableId.of(table);
        this.sample = sample;
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ByteString.copyFromUtf8(sample.row().storagePath());
        }
    }

    static Calls of(BigtableTable table, BigtableDataClient client) {
        return sample -> {
            BigtableBare bare = new BigtableBare(client, table.name(), sample);
            Cost.run(done -> bare.put(bare.free.take(), done), FreeRows.COUNT, 1);
            return Map.of(
                    BigtableCalls.READ, done -> bare.read(bare.free.take(), done),
                    BigtableCalls.PUT, done -> bare.put(bare.free.take(), done),
                    BigtableCalls.COMPARE_AND_SET, done -> bare.compareAndSet(bare.free.take(), done));
        };
    }

    private void read(int row, Consumer<@Nullable Throwable> done) {
        Query query = Query.create(table).rowKey(keys[row]);
        tell(client.readRowCallable().futureCall(query, CONTEXT), this::isWhole, row, done);
    }

    private boolean isWhole(@Nullable Row row) {
        if (row == null) {
            return false;
        }
        ByteBuffer head = cell(row, HEAD).asReadOnlyByteBuffer();
        RowFrame.decode(head, "the row").verify(cell(row, PAYLOAD).asReadOnlyByteBuffer(), "the row");
        return true;
    }

    private static ByteString cell(Row row, ByteString qualifier) {
        return row.getCells(FAMILY, qualifier).get(0).getValue();
    }

    private void put(int row, Consumer<@Nullable Throwable> done) {
        long now = RUNTIME.nowMicros();
        ByteBuffer written = newHead(now);
        ConditionalRowMutation request = ConditionalRowMutation.create(table, keys[row])
                .condition(TOMBSTONE)
                .otherwise(mutation(written, now));
        tell(
                client.checkAndMutateRowCallable().futureCall(request, CONTEXT),
                found -> {
                    versions.set(row, written);
                    return Boolean.FALSE.equals(found);
                },
                row,
                done);
    }

    private void compareAndSet(int row, Consumer<@Nullable Throwable> done) {
        long now = RUNTIME.nowMicros();
        ByteBuffer written = newHead(now);
        ConditionalRowMutation request = ConditionalRowMutation.create(table, keys[row])
                .condition(exactly(versions.get(row)))
                .then(mutation(written, now));
        tell(
                client.checkAndMutateRowCallable().futureCall(request, CONTEXT),
                found -> {
                    versions.set(row, written);
                    return Boolean.TRUE.equals(found);
                },
                row,
                done);
    }

    private Mutation mutation(ByteBuffer head, long micros) {
        long millis = micros / 1000 * 1000;
        return Mutation.create()
                .deleteRow()
                .setCell(FAMILY, HEAD, millis, UnsafeByteOperations.unsafeWrap(head))
                .setCell(FAMILY, PAYLOAD, millis, UnsafeByteOperations.unsafeWrap(sample.bytes));
    }

    private ByteBuffer newHead(long micros) {
        RowHead head = new RowHead(
                RowKind.INLINE, RowVersion.of(RUNTIME.newWriteId(), 0), Deadline.NONE, micros, sample.metadata, null);
        return RowFrame.of(head, null, ByteBuffer.wrap(sample.bytes), 0).encode();
    }

    private static Filter exactly(ByteBuffer head) {
        InterleaveFilter kinds = FILTERS.interleave();
        for (int i = 0; i < KINDS.length(); i++) {
            byte[] prefix = Arrays.copyOf(head.array(), RowFrame.VERSION_BYTES);
            prefix[0] = (byte) KINDS.charAt(i);
            byte[] end = prefix.clone();
            // The last byte is of a counter that is 0 here.
            end[end.length - 1]++;
            kinds.filter(FILTERS.value()
                    .range()
                    .startClosed(UnsafeByteOperations.unsafeWrap(prefix))
                    .endOpen(UnsafeByteOperations.unsafeWrap(end)));
        }
        return FILTERS.chain().filter(FILTERS.qualifier().exactMatch(HEAD)).filter(kinds);
    }

    private <T> void tell(
            ApiFuture<T> answer, Predicate<@Nullable T> isRight, int row, Consumer<@Nullable Throwable> done) {
        ApiFutures.addCallback(
                answer,
                new ApiFutureCallback<>() {
                    @Override
                    public void onSuccess(@Nullable T value) {
                        free.giveBack(row);
                        done.accept(isRight.test(value) ? null : new IllegalStateException("answered " + value));
                    }

                    @Override
                    public void onFailure(Throwable error) {
                        done.accept(error);
                    }
                },
                MoreExecutors.directExecutor());
    }
}
