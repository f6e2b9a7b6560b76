// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/**
 * The gauges of a store: its room and who waits for it, what is under way, and how the last passes of maintenance ended.
 * {@code docs/metrics.md} lists them. Reading one costs a few reads of memory and sends nothing to a tier.
 *
 * <p>Needs {@code micrometer-core}, which Terrace does not bring along; nothing else here does. Several stores in one registry
 * need tags that tell them apart. A registry does not keep a store from being collected; the gauges of one that was closed
 * go on until they are removed from the registry.
 */
public final class TieredObjectStoreMetrics implements MeterBinder {

    private final Watched store;
    private final Tags tags;

    /** The gauges of the only store in the registry. */
    public TieredObjectStoreMetrics(TieredObjectStore store) {
        this(store, List.of());
    }

    /** @param tags for each gauge, such as the name of the store */
    public TieredObjectStoreMetrics(TieredObjectStore store, Iterable<Tag> tags) {
        this.store = store.watched();
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Instrument instrument : Instrument.values()) {
            for (Instrument.Series series : instrument.series()) {
                Tags all = tags;
                for (int i = 0; i < series.values().size(); i++) {
                    all = all.and(
                            instrument.tags().get(i).key(), series.values().get(i));
                }
                Gauge.builder(instrument.label(), store, series.read())
                        .description(instrument.meaning())
                        .baseUnit(instrument.unit())
                        .tags(all)
                        .register(registry);
            }
        }
    }
}
