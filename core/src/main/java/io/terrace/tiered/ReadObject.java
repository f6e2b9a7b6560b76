// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.DanglingTombstoneException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.StoredObject;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.tiered.Rules.Rule;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** R8: a get and a head. The row decides; a blob that is not there sends the reader back to the row. */
final class ReadObject {

    private final Tiers tiers;
    private final Operations operations;

    ReadObject(Tiers tiers, Operations operations) {
        this.tiers = tiers;
        this.operations = operations;
    }

    Mono<ObjectInfo> head(ObjectId id) {
        return tiers.rows().read(id, RowProjection.HEAD).flatMap(row -> {
            ObjectMetadata metadata = liveMetadata(row.head());
            return metadata == null ? Mono.empty() : Mono.just(info(id, row.head(), metadata));
        });
    }

    Mono<StoredObject> get(ObjectId id, @Nullable ByteRange range) {
        return attempt(id, range, null, 1);
    }

    private Mono<StoredObject> attempt(
            ObjectId id, @Nullable ByteRange range, @Nullable RowVersion missed, int number) {
        return tiers.rows().read(id, RowProjection.FULL).flatMap(row -> open(id, row, range, missed, number));
    }

    private Mono<StoredObject> open(
            ObjectId id, Row row, @Nullable ByteRange range, @Nullable RowVersion missed, int number) {
        RowHead head = row.head();
        ObjectMetadata metadata = liveMetadata(head);
        if (metadata == null) {
            return Mono.empty();
        }
        BlobId target = head.target();
        if (target == null) {
            return openInline(id, row, metadata, range);
        }
        if (head.version().equals(missed)) {
            return Mono.error(new DanglingTombstoneException(
                    tiers.blobs().name(),
                    "The object '" + id.storagePath() + "' is lost: its row points to the blob " + target.uuid()
                            + ", which does not exist. Run verify, and restore the blob or delete the object.",
                    Determinacy.NOT_APPLIED));
        }
        if (number > Settings.READ_ATTEMPTS) {
            return Mono.error(new BackendUnavailableException(
                    "",
                    "The object '" + id.storagePath() + "' was replaced during each of " + Settings.READ_ATTEMPTS
                            + " attempts to read it. Read it again.",
                    Determinacy.NOT_APPLIED));
        }
        if (range != null && metadata.size() >= 0) {
            // Before the blob is opened: a range that selects nothing needs no second tier to say so.
            range.resolve(metadata.size());
        }
        return tiers.blobs()
                .get(target, range)
                .flatMap(content -> openBlob(info(id, head, metadata), content))
                .switchIfEmpty(
                        tiers.rules().obey(Rule.REREAD_ON_MISS)
                                ? Mono.defer(() -> attempt(id, range, head.version(), number + 1))
                                : Mono.empty());
    }

    private Mono<StoredObject> openInline(ObjectId id, Row row, ObjectMetadata metadata, @Nullable ByteRange range) {
        ByteBuffer payload = row.payload();
        if (payload == null) {
            return Mono.error(new IntegrityException(
                    tiers.rows().name(),
                    "The row of '" + id.storagePath() + "' has lost its payload. Run verify.",
                    Determinacy.NOT_APPLIED));
        }
        ContentRange resolved = range == null ? null : range.resolve(payload.remaining());
        return Mono.just(new SmallObject(info(id, row.head(), metadata), resolved, payload));
    }

    private Mono<StoredObject> openBlob(ObjectInfo info, BlobContent content) {
        if (info.size() >= 0 && content.info().size() != info.size()) {
            return content.discard()
                    .then(Mono.error(new IntegrityException(
                            tiers.blobs().name(),
                            "The blob '" + content.info().id() + "' has "
                                    + content.info().size() + " bytes, but its row says " + info.size()
                                    + ". Run verify.",
                            Determinacy.NOT_APPLIED)));
        }
        return Mono.just(new LargeObject(tiers, operations, info, content));
    }

    private @Nullable ObjectMetadata liveMetadata(RowHead head) {
        return head.isLiveAt(tiers.runtime().nowMicros()) ? head.metadata() : null;
    }

    static ObjectInfo info(ObjectId id, RowHead head, ObjectMetadata metadata) {
        return new ObjectInfo(id, metadata, head.writeId().toString());
    }
}
