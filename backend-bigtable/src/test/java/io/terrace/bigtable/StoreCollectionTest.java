// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static com.google.cloud.bigtable.admin.v2.models.GCRules.GCRULES;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigtable.admin.v2.models.ModifyColumnFamiliesRequest;
import com.google.cloud.bigtable.data.v2.models.RowCell;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the store drops by itself. Its clock cannot be moved, so the writers' clock was set back; the emulator begins to collect
 * when a family was modified.
 */
class StoreCollectionTest {

    private static final Duration RETENTION = Duration.ofHours(25);
    private static final Duration SKEW = Duration.ofHours(1);

    private final Sample now = new Sample();

    @AfterEach
    void close() {
        now.close();
    }

    @Test
    void whatIsOldGoesAndWhatIsNeededStays() throws InterruptedException {
        Sample longAgo = at(Duration.ofDays(10));
        ObjectId marker = cas(longAgo, "old-marker", Sample.marker());
        ObjectId expired = cas(longAgo, "old-expired", Sample.inline(3, new Deadline(1)));
        ObjectId tombstone = Sample.id("old-tombstone");
        longAgo.cas(tombstone, RowVersion.ABSENT, Sample.tombstone(tombstone, new Deadline(1)));
        ObjectId dead = Sample.id("old-dead");
        longAgo.cas(dead, RowVersion.ABSENT, Sample.tombstone(dead, Deadline.DEAD));
        ObjectId lasting = cas(longAgo, "old-lasting", Sample.inline(3));
        ObjectId live = cas(longAgo, "old-live", Sample.inline(3, now.inDays(1)));
        ObjectId sliding = Sample.id("old-sliding");
        longAgo.cas(sliding, RowVersion.ABSENT, new RowWrite.Inline(now.writeId(), sliding()));
        ObjectId bumped = cas(longAgo, "bumped-today", Sample.marker());
        now.bump(bumped, now.head(bumped), RowChange.fence(1));
        ObjectId extended = cas(longAgo, "extended-today", Sample.inline(3, new Deadline(1)));
        now.bump(extended, now.head(extended), RowChange.fence(1));
        // On either side of the retention and the hour for clocks that differ.
        ObjectId justGone = cas(at(RETENTION.plus(SKEW).plusMinutes(1)), "just-gone", Sample.marker());
        ObjectId justKept = cas(at(RETENTION.plus(SKEW).minusMinutes(1)), "just-kept", Sample.marker());
        List<ObjectId> kept =
                List.of(tombstone, dead, lasting, live, bumped, extended, justKept, cas(now, "new", Sample.marker()));
        List<RowHead> before = kept.stream().map(now::head).toList();

        collect(List.of(marker, expired, justGone));

        assertThat(kept.stream().map(now::head)).containsExactlyElementsOf(before);
        for (ObjectId id : List.of(lasting, live, extended)) {
            assertThat(now.text(id)).as("%s", id).hasSize(3);
        }
        assertThat(now.cells(marker)).isNull();
        assertThat(now.cells(expired)).isNull();
        assertLonePayload(sliding);
    }

    /** The payload of an object whose deadline slid is kept longer than its head. Alone it is nothing. */
    private void assertLonePayload(ObjectId id) {
        assertThat(Objects.requireNonNull(now.cells(id)).getCells())
                .extracting(RowCell::getQualifier)
                .containsExactly(Cells.PAYLOAD);
        assertThat(now.head(id)).isEqualTo(RowHead.ABSENT);
        assertThat(now.rows().scan(id.storagePath(), "").collectList().block()).isEmpty();
        assertThat(now.rows()
                        .readAll(List.of(id), RowProjection.FULL)
                        .collectList()
                        .block())
                .isEmpty();
        assertThat(now.bump(id, now.head(id), RowChange.fence(7))).isInstanceOf(CasOutcome.Applied.class);
        assertThat(now.head(id).kind()).isEqualTo(RowKind.MARKER);
        assertThat(Objects.requireNonNull(now.cells(id)).getCells())
                .extracting(RowCell::getQualifier)
                .containsExactly(Cells.HEAD);
    }

    private static InlineObject sliding() {
        ObjectMetadata metadata = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(10)))
                .build();
        return new InlineObject(metadata, new Deadline(1), ByteBuffer.wrap(new byte[] {1}));
    }

    private Sample at(Duration ago) {
        ManualRuntime clock = new ManualRuntime(1, Instant.now().minus(ago));
        return new Sample(now.table(), BigtableServer.shared().rows(now.table(), clock));
    }

    private static ObjectId cas(Sample writer, String key, RowWrite write) {
        ObjectId id = Sample.id(key);
        assertThat(writer.cas(id, RowVersion.ABSENT, write)).isInstanceOf(CasOutcome.Applied.class);
        return id;
    }

    /** Waits until the store has dropped those, and a little longer. */
    private void collect(List<ObjectId> expected) throws InterruptedException {
        BigtableServer.shared()
                .admin()
                .modifyFamilies(ModifyColumnFamiliesRequest.of(now.table())
                        .updateFamily(Cells.EXPIRING, GCRULES.maxAge(1, TimeUnit.SECONDS)));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (expected.stream().anyMatch(id -> now.cells(id) != null)) {
            assertThat(System.nanoTime()).as("the store drops what may go").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.MILLISECONDS.sleep(1600);
    }
}
