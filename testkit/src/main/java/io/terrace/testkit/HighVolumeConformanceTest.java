// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.ObjectId;
import io.terrace.spi.BackendRole;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;

/**
 * What a {@link HighVolumeBackend} must do. Extend it, say where the backend comes from, and run it:
 *
 * <pre>{@code
 * class MyRowsConformanceTest extends HighVolumeConformanceTest {
 *     @Override
 *     protected BackendEnvironment<HighVolumeBackend> environment() {
 *         ManualRuntime clock = new ManualRuntime(1);
 *         return BackendEnvironment.of(clock, () -> new MyRows(clock));
 *     }
 * }
 * }</pre>
 *
 * <p>The rules are written down in {@code docs/spec/high-volume.md} and {@code docs/spec/backend.md}.
 */
public abstract class HighVolumeConformanceTest extends BackendConformanceTest<HighVolumeBackend> {

    private final Rows rows = new Rows(this::backend);

    Rows rows() {
        return rows;
    }

    @Override
    String role() {
        return BackendRole.HIGH_VOLUME.label();
    }

    @Override
    List<Class<?>> facets() {
        return List.of(RowListing.class, MarkerCollection.class, MultiRowReads.class);
    }

    @Override
    Map<String, Supplier<Publisher<?>>> operations() {
        HighVolumeBackend backend = backend();
        ObjectId id = Samples.object("operations");
        Map<String, Supplier<Publisher<?>>> calls = new LinkedHashMap<>();
        calls.put("read", () -> backend.read(id, RowProjection.FULL));
        calls.put("putUnlessTombstone", () -> backend.putUnlessTombstone(id, Rows.writeId(), Rows.object("v")));
        calls.put("deleteUnlessTombstone", () -> backend.deleteUnlessTombstone(id, Rows.writeId()));
        calls.put("compareAndSet", () -> backend.compareAndSet(id, RowVersion.ABSENT, Rows.inline("v")));
        calls.put("bump", () -> backend.bump(id, RowHead.ABSENT, RowChange.fence(Rows.WHEN_ABSENT)));
        backend.facet(RowListing.class).ifPresent(listing -> calls.put("scan", () -> listing.scan("", "")));
        backend.facet(MarkerCollection.class).ifPresent(c -> calls.put("collectMarkers", c::collectMarkers));
        backend.facet(MultiRowReads.class)
                .ifPresent(reads -> calls.put("readAll", () -> reads.readAll(List.of(id), RowProjection.FULL)));
        return calls;
    }

    @Nested
    class EveryCall extends RowCallRules {
        EveryCall() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class NamesAndValues extends RowValueRules {
        NamesAndValues() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class Reading extends RowReadRules {
        Reading() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class PuttingBlindly extends BlindPutRules {
        PuttingBlindly() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class DeletingBlindly extends BlindDeleteRules {
        DeletingBlindly() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class ComparingAndSetting extends CompareAndSetRules {
        ComparingAndSetting() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class Bumping extends BumpRules {
        Bumping() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class Listing extends RowListingRules {
        Listing() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class Collecting extends MarkerCollectionRules {
        Collecting() {
            super(HighVolumeConformanceTest.this);
        }
    }

    @Nested
    class ReadingMany extends MultiRowReadRules {
        ReadingMany() {
            super(HighVolumeConformanceTest.this);
        }
    }
}
