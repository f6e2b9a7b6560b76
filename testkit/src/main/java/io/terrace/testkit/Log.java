// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A change log under test, with its calls awaited. */
final class Log {

    private static final TerraceRuntime IDS = TerraceRuntime.system();

    private final Supplier<? extends ChangeLog> backend;
    private final AtomicInteger issued = new AtomicInteger();

    Log(Supplier<? extends ChangeLog> backend) {
        this.backend = backend;
    }

    ChangeLog backend() {
        return backend.get();
    }

    BlobId blob() {
        return Blobs.of("change-" + issued.incrementAndGet());
    }

    /** An entry as a large write makes it: with a new blob, a base, and two old blobs. */
    ChangeEntry entry() {
        BlobId blob = blob();
        return ChangeEntry.open(
                EntryId.of(blob),
                blob.object(),
                blob,
                IDS.newWriteId(),
                List.of(
                        Blobs.of(blob.object().key()),
                        Blobs.of("a/" + blob.object().key())));
    }

    /** An entry as a small write over a large object makes it: without a new blob. */
    ChangeEntry entryWithoutBlob() {
        BlobId old = blob();
        return ChangeEntry.open(new EntryId(IDS.newUuid()), old.object(), null, IDS.newWriteId(), List.of(old));
    }

    /** An entry in that state, as it is then. */
    ChangeEntry installed(State state) {
        ChangeEntry entry = entry();
        append(entry);
        switch (state) {
            case OPEN -> {}
            case CLAIMED -> claim(entry.id());
            case DEFERRED -> defer(entry.id(), entry.oldBlobs());
        }
        return get(entry.id()).orElseThrow();
    }

    static UUID uuid() {
        return IDS.newUuid();
    }

    static WriteId writeId() {
        return IDS.newWriteId();
    }

    void append(ChangeEntry entry) {
        Await.done(backend().append(entry));
    }

    Optional<ChangeEntry> get(EntryId id) {
        return Await.optional(backend().get(id));
    }

    void remove(EntryId id) {
        Await.done(backend().remove(id));
    }

    ClaimOutcome claim(EntryId id) {
        return Await.value(backend().claim(id));
    }

    boolean rebase(EntryId id, WriteId base) {
        return Await.value(backend().rebase(id, base));
    }

    void defer(EntryId id, List<BlobId> oldBlobs) {
        Await.done(backend().defer(id, oldBlobs));
    }

    List<ChangeEntry> scan(ScanScope scope) {
        return Await.all(backend().scan(scope));
    }

    Set<BlobId> referenced(Collection<BlobId> blobs) {
        return Await.value(backend().referenced(blobs));
    }
}
