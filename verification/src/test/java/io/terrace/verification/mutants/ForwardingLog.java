// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Health;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.Pins;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.WriteId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The reference's change log, to be made wrong in one method. */
class ForwardingLog implements ChangeLog {

    private final InMemoryChangeLog log = InMemoryChangeLog.create();

    /** The reference itself, for what a mutant does behind the kit's back. */
    InMemoryChangeLog log() {
        return log;
    }

    /** Puts an entry in the place of another, in whatever state it is. */
    final Mono<Void> replace(ChangeEntry entry) {
        Mono<Void> appended = log.remove(entry.id())
                .then(log.append(
                        ChangeEntry.open(entry.id(), entry.object(), entry.newBlob(), entry.base(), entry.oldBlobs())));
        return entry.state() == ChangeEntry.State.CLAIMED
                ? appended.then(log.claim(entry.id())).then()
                : appended;
    }

    @Override
    public String name() {
        return log.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return log.capabilities();
    }

    @Override
    public Mono<Void> append(ChangeEntry entry) {
        return log.append(entry);
    }

    @Override
    public Mono<ChangeEntry> get(EntryId id) {
        return log.get(id);
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        return log.remove(id);
    }

    @Override
    public Mono<ClaimOutcome> claim(EntryId id) {
        return log.claim(id);
    }

    @Override
    public Mono<Boolean> rebase(EntryId id, WriteId base) {
        return log.rebase(id, base);
    }

    @Override
    public Mono<Void> defer(EntryId id, List<BlobId> oldBlobs) {
        return log.defer(id, oldBlobs);
    }

    @Override
    public Flux<ChangeEntry> scan(ScanScope scope) {
        return log.scan(scope);
    }

    @Override
    public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
        return log.referenced(blobs);
    }

    @Override
    public Pins pins() {
        return log.pins();
    }

    @Override
    public UploadRecords uploads() {
        return log.uploads();
    }

    @Override
    public Mono<Health> check() {
        return log.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return log.closeLater();
    }
}
