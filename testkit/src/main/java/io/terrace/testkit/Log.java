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
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
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

    UploadRecord uploadRecord() {
        return uploadRecord(blob());
    }

    /** An upload as it begins. */
    UploadRecord uploadRecord(BlobId blob) {
        return UploadRecord.open(
                new UploadSession(blob, "the store's token ü"),
                new UploadSecret(IDS.randomLong(), IDS.randomLong()),
                Samples.metadata("upload"),
                IDS.nowMicros());
    }

    /** The same, with an attempt of its own, a base, and an old blob. */
    UploadRecord completing(UploadRecord open) {
        return open.completing(
                IDS.newUuid(), IDS.newWriteId(), List.of(Blobs.of(open.object().key())), IDS.nowMicros());
    }

    /** An upload in that state, as it is then. */
    UploadRecord uploadIn(UploadRecord.State state) {
        UploadRecord open = uploadRecord();
        begin(open);
        return switch (state) {
            case OPEN -> open;
            case COMPLETING -> changed(open, completing(open));
            case DYING -> dying(open);
            case COMMITTED -> {
                UploadRecord completing = changed(open, completing(open));
                yield changed(completing, completing.committed(IDS.nowMicros()));
            }
            case DEAD -> {
                UploadRecord dying = dying(open);
                yield changed(dying, dying.dead(IDS.nowMicros()));
            }
        };
    }

    private UploadRecord dying(UploadRecord open) {
        UploadRecord completing = changed(open, completing(open));
        return changed(completing, completing.dying(IDS.nowMicros()));
    }

    private UploadRecord changed(UploadRecord from, UploadRecord to) {
        replace(from, to);
        return to;
    }

    boolean begin(UploadRecord record) {
        return Await.value(backend().uploads().begin(record));
    }

    Optional<UploadRecord> upload(EntryId id) {
        return Await.optional(backend().uploads().get(id));
    }

    boolean replace(UploadRecord expected, UploadRecord next) {
        return Await.value(backend().uploads().replace(expected, next));
    }

    void removeUpload(EntryId id) {
        Await.done(backend().uploads().remove(id));
    }

    List<UploadRecord> uploads(ScanScope scope, long startedBeforeMicros) {
        return Await.all(backend().uploads().scan(scope, startedBeforeMicros));
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
