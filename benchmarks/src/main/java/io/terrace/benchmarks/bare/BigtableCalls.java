// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import io.terrace.ObjectId;
import io.terrace.bigtable.BigtableRows;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Reads and writes of inline rows through the SPI. */
final class BigtableCalls {

    static final String READ = "read";
    static final String PUT = BlobCalls.PUT;
    static final String COMPARE_AND_SET = "compare-and-set";
    static final List<String> ALL = List.of(READ, PUT, COMPARE_AND_SET);

    private static final TerraceRuntime RUNTIME = TerraceRuntime.system();

    private BigtableCalls() {}

    /** @param counting a client to use in place of one of its own, or {@code null} */
    static Calls terrace(BigtableTable table, @Nullable BigtableDataClient counting) {
        BigtableRows.Builder builder = BigtableRows.builder(RUNTIME)
                .project(BigtableTable.PROJECT)
                .instance(BigtableTable.INSTANCE)
                .table(table.name())
                .endpoint("localhost", table.port());
        BigtableRows rows = (counting == null ? builder : builder.client(counting)).build();
        return sample -> {
            FreeRows free = new FreeRows();
            ObjectId[] ids = new ObjectId[FreeRows.COUNT];
            AtomicReferenceArray<RowVersion> versions = new AtomicReferenceArray<>(FreeRows.COUNT);
            for (int i = 0; i < ids.length; i++) {
                ids[i] = sample.row();
                versions.set(
                        i,
                        written(Objects.requireNonNull(
                                rows.putUnlessTombstone(ids[i], RUNTIME.newWriteId(), object(sample))
                                        .block())));
            }
            return Map.of(
                    READ,
                    done -> {
                        int row = free.take();
                        run(rows.read(ids[row], RowProjection.FULL), found -> {}, free, row, done);
                    },
                    PUT,
                    done -> {
                        int row = free.take();
                        run(
                                rows.putUnlessTombstone(ids[row], RUNTIME.newWriteId(), object(sample)),
                                outcome -> versions.set(row, written(outcome)),
                                free,
                                row,
                                done);
                    },
                    COMPARE_AND_SET,
                    done -> {
                        int row = free.take();
                        run(
                                rows.compareAndSet(
                                        ids[row],
                                        versions.get(row),
                                        new RowWrite.Inline(RUNTIME.newWriteId(), object(sample))),
                                outcome -> versions.set(row, written(outcome)),
                                free,
                                row,
                                done);
                    });
        };
    }

    private static <T> void run(
            Mono<T> call, Consumer<T> answered, FreeRows free, int row, Consumer<@Nullable Throwable> done) {
        Disposable unused = call.subscribe(answered, done, () -> {
            free.giveBack(row);
            done.accept(null);
        });
    }

    private static RowVersion written(BlindOutcome outcome) {
        return outcome.fold(BlindOutcome.Done::version, there -> {
            throw new IllegalStateException("there is a tombstone");
        });
    }

    private static RowVersion written(CasOutcome outcome) {
        return outcome.fold(CasOutcome.Applied::version, refused -> {
            throw new IllegalStateException("refused");
        });
    }

    private static InlineObject object(Sample sample) {
        return new InlineObject(sample.metadata, Deadline.NONE, ByteBuffer.wrap(sample.bytes));
    }
}
