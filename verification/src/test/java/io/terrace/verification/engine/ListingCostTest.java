// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Page;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a page of a listing costs does not depend on how many rows there are. */
class ListingCostTest {

    private static final ObjectContext CONTEXT = ObjectContext.of("listed");
    private static final int ROWS = 100_000;
    private static final int LIMIT = 100;

    private final Engine engine = new Engine();
    private final Delivered delivered = new Delivered();
    private final TieredObjectStore store = engine.another(builder -> builder.highVolume(delivered.rows(engine.rows)));

    /** Counts the rows that a backend hands out. */
    private static final class Delivered implements SpiInterceptor {
        private long rows;

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return invocation;
        }

        @Override
        public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
            return invocation.doOnNext(element -> rows += element instanceof ListedRow ? 1 : 0);
        }
    }

    @Test
    void aPageReadsItsRowsAndOneMore() {
        for (int i = 0; i < ROWS; i++) {
            put(i);
        }
        String cursor = null;
        int pages = 0;
        do {
            Page page = list(cursor);
            pages++;
            cursor = page.next().orElse(null);
            assertThat(page.objects()).hasSize(LIMIT);
            assertThat(delivered.rows).as("rows read for %s pages", pages).isEqualTo((long) pages * (LIMIT + 1));
        } while (cursor != null && pages < 20);
        assertThat(pages).isEqualTo(20);
    }

    @Test
    void whatIsPassedOverIsReadOnce() {
        for (int i = 0; i < 3 * LIMIT; i++) {
            put(i);
        }
        for (int i = 50; i < 50 + LIMIT; i++) {
            engine.finish(store.delete(id(i)));
        }
        Page page = list(null);
        assertThat(page.objects()).hasSize(LIMIT);
        assertThat(delivered.rows).isEqualTo(2 * LIMIT + 1);
    }

    private Page list(@Nullable String cursor) {
        return Objects.requireNonNull(engine.finish(store.list(CONTEXT, "", cursor, LIMIT)));
    }

    private void put(int number) {
        InlineObject object = new InlineObject(ObjectMetadata.defaults(), Deadline.NONE, ByteBuffer.allocate(0));
        engine.rows
                .putUnlessTombstone(id(number), engine.runtime.newWriteId(), object)
                .block();
    }

    private static ObjectId id(int number) {
        return ObjectId.of(CONTEXT, "k" + (1_000_000 + number));
    }
}
