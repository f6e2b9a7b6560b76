// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.Retries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One watch. It knows what it has told, and compares each snapshot with that. A snapshot only raises a suspicion: before
 * anything is told, the row is read, since what was told may be newer than the snapshot. Reads are linearizable and follow
 * each other, so no older value comes after a newer one.
 */
final class Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    private final Observer observer;
    private final BucketRows rows;
    private final int maxEntries;

    /** The revisions that were told, by key; {@code null} before the resync. */
    private @Nullable Map<String, Revision> told;

    Watcher(Observer observer, BucketRows rows, int maxEntries) {
        this.observer = observer;
        this.rows = rows;
        this.maxEntries = maxEntries;
    }

    /** Subscribed to once. Of one that does not ask, the latest look waits, and no other. */
    Flux<WatchEvent> events() {
        return Flux.concat(Flux.just(Mono.<Snapshot>empty()), observer.looks().onBackpressureLatest())
                .concatMap(this::after, 0);
    }

    private Flux<WatchEvent> after(Mono<Snapshot> look) {
        Map<String, Revision> known = told;
        Flux<WatchEvent> events = known == null
                ? resync().flux()
                : look.flatMapMany(snapshot -> rows.readAll(suspects(snapshot, known)))
                        .handle((found, sink) -> tell(found, known, sink));
        return events.onErrorResume(Retries::mayPass, error -> {
            LOG.debug("a watch of {} goes on at the next look", rows, error);
            return Flux.empty();
        });
    }

    private Mono<WatchEvent> resync() {
        return rows.entries(maxEntries).collectList().map(entries -> {
            Map<String, Revision> all = new HashMap<>();
            entries.forEach(entry -> all.put(entry.key(), entry.revision()));
            told = all;
            return new WatchEvent.Resync(entries);
        });
    }

    private List<String> suspects(Snapshot snapshot, Map<String, Revision> known) {
        if (!snapshot.complete()) {
            throw rows.tooMany(maxEntries);
        }
        List<String> suspects = new ArrayList<>();
        snapshot.versions().forEach((key, version) -> {
            Revision revision = known.get(key);
            if (revision == null || !revision.names(version.writeId())) {
                suspects.add(key);
            }
        });
        known.keySet().stream()
                .filter(key -> !snapshot.versions().containsKey(key))
                .forEach(suspects::add);
        return suspects;
    }

    private void tell(BucketRows.Found found, Map<String, Revision> known, SynchronousSink<WatchEvent> sink) {
        Entry entry = rows.entry(found.key(), found.row());
        if (entry == null) {
            if (known.remove(found.key()) != null) {
                sink.next(new WatchEvent.Delete(found.key()));
            }
        } else if (!entry.revision().equals(known.put(found.key(), entry.revision()))) {
            sink.next(new WatchEvent.Put(entry));
        }
    }
}
