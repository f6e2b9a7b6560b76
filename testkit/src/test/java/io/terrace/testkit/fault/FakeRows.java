// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Markers only: enough to see which write arrived, and when. For one thread. */
final class FakeRows implements HighVolumeBackend, RowListing {

    final Map<String, RowVersion> versions = new TreeMap<>();

    RowVersion versionOf(ObjectId id) {
        return versions.getOrDefault(id.storagePath(), RowVersion.ABSENT);
    }

    private RowHead headOf(RowVersion version) {
        return version.isAbsent() ? RowHead.ABSENT : new RowHead(RowKind.MARKER, version, Deadline.NONE, 0, null, null);
    }

    private Mono<CasOutcome> swap(ObjectId id, RowVersion expected, RowVersion next) {
        return Mono.fromSupplier(() -> {
            RowVersion current = versionOf(id);
            if (!current.equals(expected)) {
                return new CasOutcome.Refused(headOf(current), false);
            }
            versions.put(id.storagePath(), next);
            return new CasOutcome.Applied(next);
        });
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return Mono.defer(
                () -> versionOf(id).isAbsent() ? Mono.empty() : Mono.just(new Row(headOf(versionOf(id)), null)));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return deleteUnlessTombstone(id, writeId);
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return Mono.fromSupplier(() -> {
            versions.put(id.storagePath(), RowVersion.of(writeId, 0));
            return new BlindOutcome.Done(RowVersion.of(writeId, 0));
        });
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return swap(id, expected, RowVersion.of(write.writeId(), 0));
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return swap(id, expected.version(), expected.version().bumped(change.whenAbsent()));
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        return Flux.fromIterable(versions.entrySet())
                .map(entry -> new ListedRow(ObjectId.fromStoragePath(entry.getKey()), headOf(entry.getValue())));
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE);
    }

    @Override
    public Mono<Health> check() {
        return Mono.just(Health.up("asked nobody"));
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.empty();
    }
}
