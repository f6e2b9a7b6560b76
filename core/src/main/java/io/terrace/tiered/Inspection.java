// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.ScanScope;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Walks the log and both tiers and says what does not agree. Changes nothing. Exact for a store at rest; beside traffic it
 * may miss what is being written, but reports a fault only after a second look.
 */
final class Inspection {

    private final Tiers tiers;
    private final Operations operations;
    private final InspectionDepth depth;

    /** Blobs that an open change speaks for. As many as there are changes in flight. */
    private final Set<BlobId> inFlight = ConcurrentHashMap.newKeySet();

    Inspection(Tiers tiers, Operations operations, InspectionDepth depth) {
        this.tiers = tiers;
        this.operations = operations;
        this.depth = depth;
    }

    /** To be called once. */
    Flux<Finding> run() {
        RowListing rows = Facets.require(tiers.rows(), RowListing.class, "inspect");
        BlobListing blobs = Facets.require(tiers.blobs(), BlobListing.class, "inspect");
        return Flux.concat(
                tiers.log().scan(ScanScope.ALL).concatMap(this::inspectEntry),
                rows.scan("", "")
                        .flatMap(this::inspectRow, Settings.MAINTENANCE_CONCURRENCY)
                        .onErrorResume(IntegrityException.class, broken -> listingBroke("rows", broken)),
                blobs.list("")
                        .flatMap(this::inspectBlob, Settings.MAINTENANCE_CONCURRENCY)
                        .onErrorResume(IntegrityException.class, broken -> listingBroke("blobs", broken)));
    }

    private static Flux<Finding> listingBroke(String what, IntegrityException broken) {
        return Flux.just(new Finding(
                Finding.Kind.CORRUPT,
                null,
                null,
                "The listing of " + what + " ended here, so more may be wrong: " + broken.getMessage()));
    }

    private Flux<Finding> inspectEntry(ChangeEntry entry) {
        inFlight.addAll(entry.oldBlobs());
        BlobId newBlob = entry.newBlob();
        if (newBlob != null) {
            inFlight.add(newBlob);
        }
        return operations.owns(entry.id())
                ? Flux.empty()
                : Flux.just(new Finding(
                        Finding.Kind.OPEN_CHANGE,
                        entry.object(),
                        newBlob,
                        "A change is in flight or was left behind (" + entry.state() + "). Run recover."));
    }

    private Flux<Finding> inspectRow(ListedRow listed) {
        RowHead head = listed.head();
        Flux<Finding> faults = Flux.empty();
        BlobId target = head.target();
        if (target != null && !head.deadline().isDead()) {
            faults = inspectTarget(listed.id(), head, target);
        } else if (head.metadata() != null && target == null && depth == InspectionDepth.CONTENT) {
            faults = tiers.rows()
                    .read(listed.id(), RowProjection.FULL)
                    .thenMany(Flux.<Finding>empty())
                    .onErrorResume(IntegrityException.class, broken -> corrupt(listed.id(), null, broken.getMessage()));
        }
        boolean expired = head.metadata() != null
                && head.deadline().isPastAt(tiers.runtime().nowMicros());
        return expired
                ? faults.concatWithValues(
                        new Finding(Finding.Kind.EXPIRED, listed.id(), target, "Expired at " + head.deadline() + "."))
                : faults;
    }

    private Flux<Finding> inspectTarget(ObjectId id, RowHead head, BlobId target) {
        long size = head.metadata() == null ? -1 : head.metadata().size();
        return tiers.blobs()
                .head(target)
                .map(blob -> inspectContent(id, size, blob))
                .switchIfEmpty(Mono.fromSupplier(() -> danglingIfStill(id, head, target)))
                .flatMapMany(findings -> findings)
                .onErrorResume(IntegrityException.class, broken -> corrupt(id, target, broken.getMessage()));
    }

    private Flux<Finding> inspectContent(ObjectId id, long size, BlobInfo blob) {
        if (size >= 0 && blob.size() != size) {
            return corrupt(id, blob.id(), "The row says " + size + " bytes, the blob has " + blob.size() + ".");
        }
        return depth == InspectionDepth.CONTENT ? readThrough(blob.id()) : Flux.empty();
    }

    private Flux<Finding> readThrough(BlobId target) {
        return tiers.blobs()
                .get(target, null)
                .flatMapMany(content -> new ResumingBody(tiers, content).bytes())
                .thenMany(Flux.<Finding>empty());
    }

    private Flux<Finding> danglingIfStill(ObjectId id, RowHead head, BlobId target) {
        return Mono.zip(tiers.head(id), tiers.blobs().head(target).hasElement())
                .flatMapMany(again -> again.getT1().version().equals(head.version()) && !again.getT2()
                        ? Flux.just(new Finding(
                                Finding.Kind.DANGLING,
                                id,
                                target,
                                "The row points to a blob that does not exist. Restore the blob or delete the object."))
                        : Flux.empty());
    }

    private Flux<Finding> inspectBlob(BlobId blob) {
        if (inFlight.contains(blob)) {
            return Flux.empty();
        }
        // In the order of R11, then once more whether it is still there.
        return tiers.log()
                .referenced(Set.of(blob))
                .flatMap(referenced -> referenced.isEmpty() ? tiers.head(blob.object()) : Mono.<RowHead>empty())
                .filter(row -> !blob.equals(row.target()))
                .flatMap(row -> tiers.blobs().head(blob))
                .flatMapMany(still -> Flux.just(new Finding(
                        Finding.Kind.ORPHAN,
                        blob.object(),
                        blob,
                        "Nothing points to this blob of " + still.size() + " bytes. Run recover.")));
    }

    private static Flux<Finding> corrupt(ObjectId id, @Nullable BlobId blob, @Nullable String what) {
        return Flux.just(new Finding(Finding.Kind.CORRUPT, id, blob, String.valueOf(what)));
    }
}
