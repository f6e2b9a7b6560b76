// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.models.ConditionalRowMutation;
import com.google.cloud.bigtable.data.v2.models.Filters.Filter;
import com.google.cloud.bigtable.data.v2.models.Mutation;
import com.google.cloud.bigtable.data.v2.models.Query;
import com.google.cloud.bigtable.data.v2.models.Row;
import com.google.cloud.bigtable.data.v2.models.TableId;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The requests that are made of a table, each with a deadline and none repeated by the client: a hidden repetition of a
 * conditional write looks like somebody else's write. (HV-1.4)
 */
final class Calls {

    /** A stream lasts as long as its reader wants; what must not last is the wait for the next row. */
    private static final Duration WHOLE_STREAM = Duration.ofHours(1);

    private final BigtableDataClient client;
    private final TableId table;
    private final ApiCallContext single;
    private final ApiCallContext streamed;
    private volatile boolean closed;

    Calls(BigtableDataClient client, String table, Duration timeout) {
        this.client = client;
        this.table = TableId.of(table);
        this.single = context(timeout);
        // Without demand a stream may rest; the watchdog of the client looks at the wait for an answer.
        this.streamed = context(WHOLE_STREAM)
                .withStreamWaitTimeoutDuration(timeout)
                .withStreamIdleTimeoutDuration(Duration.ZERO);
    }

    private static ApiCallContext context(Duration timeout) {
        return GrpcCallContext.createDefault()
                .withTimeoutDuration(timeout)
                .withRetryableCodes(Set.of())
                .withRetrySettings(RetrySettings.newBuilder()
                        .setMaxAttempts(1)
                        .setInitialRpcTimeoutDuration(timeout)
                        .setMaxRpcTimeoutDuration(timeout)
                        .setTotalTimeoutDuration(timeout)
                        .build());
    }

    /** The row, with what the filter lets through; empty if that is nothing. */
    Mono<Row> row(ByteString key, @Nullable Filter filter) {
        Query query = query().rowKey(key);
        Query filtered = filter == null ? query : query.filter(filter);
        return call(() -> client.readRowCallable().futureCall(filtered, single));
    }

    /** The rows of a query, no faster than they are asked for. */
    Flux<Row> rows(Query query) {
        return Flux.defer(() -> closed
                ? Flux.error(BigtableErrors.closed())
                : new RowStream(client.readRowsCallable(), query, streamed));
    }

    Query query() {
        return Query.create(table);
    }

    /** Changes the row if the predicate finds something in it; says whether it did. */
    Mono<Boolean> mutateIf(ByteString key, Filter predicate, Mutation mutation) {
        ConditionalRowMutation request =
                ConditionalRowMutation.create(table, key).condition(predicate).then(mutation);
        return call(() -> client.checkAndMutateRowCallable().futureCall(request, single));
    }

    /** Changes the row if the predicate finds nothing in it; says whether it did. */
    Mono<Boolean> mutateUnless(ByteString key, Filter predicate, Mutation mutation) {
        ConditionalRowMutation request =
                ConditionalRowMutation.create(table, key).condition(predicate).otherwise(mutation);
        return call(() -> client.checkAndMutateRowCallable().futureCall(request, single))
                .map(found -> !found);
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    private <T> Mono<T> call(Supplier<ApiFuture<T>> request) {
        return Mono.create(sink -> {
            if (closed) {
                sink.error(BigtableErrors.closed());
                return;
            }
            ApiFuture<T> answer = fromRoot(request);
            sink.onCancel(() -> answer.cancel(true));
            ApiFutures.addCallback(answer, new Answer<>(sink), MoreExecutors.directExecutor());
        });
    }

    /**
     * A call hangs its context below that of the thread, which in the answer of another call is that one's: in a loop the
     * chain would have no end.
     */
    static <T> T fromRoot(Supplier<T> call) {
        Context before = Context.ROOT.attach();
        try {
            return call.get();
        } finally {
            Context.ROOT.detach(before);
        }
    }

    private record Answer<T>(MonoSink<T> sink) implements ApiFutureCallback<T> {
        @Override
        public void onSuccess(@Nullable T value) {
            sink.success(value);
        }

        @Override
        public void onFailure(Throwable error) {
            sink.error(error);
        }
    }
}
