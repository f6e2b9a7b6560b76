// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.CallOptions;
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
    private final RowReads rowReads;
    private final Touch touch;

    ReadObject(Tiers tiers, Operations operations) {
        this.tiers = tiers;
        this.operations = operations;
        this.rowReads = new RowReads(tiers);
        this.touch = new Touch(tiers, operations);
    }

    Mono<ObjectInfo> head(ObjectId id) {
        return readAt(id, RowProjection.HEAD, true, (row, now) -> {
            ObjectMetadata metadata = liveMetadata(row.head(), now);
            return metadata == null ? Mono.empty() : answer(id, row.head(), metadata, info(id, row.head(), metadata));
        });
    }

    Mono<StoredObject> get(ObjectId id, @Nullable ByteRange range) {
        return attempt(id, range, null, 1);
    }

    private Mono<StoredObject> attempt(
            ObjectId id, @Nullable ByteRange range, @Nullable RowVersion missed, int number) {
        // Whoever reads again is late already, and waits for no others.
        return readAt(id, RowProjection.FULL, number == 1, (row, now) -> open(id, row, now, range, missed, number));
    }

    /**
     * The clock is read before the row. After it, a row that was live when it was read could count as expired when its
     * answer comes, though another value has been written in between, so that the object was never absent. So each of several
     * reads that are joined has a time of its own, from before the row is asked for.
     */
    private <T> Mono<T> readAt(ObjectId id, RowProjection projection, boolean joins, ReadAt<T> use) {
        return Mono.deferContextual(context -> {
            long now = tiers.runtime().nowMicros();
            boolean bulk = joins && CallOptions.of(context).isBulk();
            return rowReads.read(id, projection, bulk)
                    .flatMap(row -> use.apply(
                            row,
                            tiers.rules().obey(Rule.CLOCK_BEFORE_ROW)
                                    ? now
                                    : tiers.runtime().nowMicros()));
        });
    }

    /** What a read makes of a row and the time at which it was asked for. */
    private interface ReadAt<T> {
        Mono<T> apply(Row row, long nowMicros);
    }

    private Mono<StoredObject> open(
            ObjectId id, Row row, long now, @Nullable ByteRange range, @Nullable RowVersion missed, int number) {
        RowHead head = row.head();
        ObjectMetadata metadata = liveMetadata(head, now);
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
                .flatMap(content -> openBlob(id, head, metadata, content))
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
        return answer(id, row.head(), metadata, new SmallObject(info(id, row.head(), metadata), resolved, payload));
    }

    private Mono<StoredObject> openBlob(ObjectId id, RowHead head, ObjectMetadata metadata, BlobContent content) {
        ObjectInfo info = info(id, head, metadata);
        if (info.size() >= 0 && content.info().size() != info.size()) {
            return content.discard()
                    .then(Mono.error(new IntegrityException(
                            tiers.blobs().name(),
                            "The blob '" + content.info().id() + "' has "
                                    + content.info().size() + " bytes, but its row says " + info.size()
                                    + ". Run verify.",
                            Determinacy.NOT_APPLIED)));
        }
        return answer(id, head, metadata, new LargeObject(tiers, operations, info, content));
    }

    /** The touch comes after the answer: it must neither delay a read nor fail it. */
    private <T> Mono<T> answer(ObjectId id, RowHead head, ObjectMetadata metadata, T answer) {
        return metadata.expiration().isManual()
                ? Mono.just(answer)
                : Mono.just(answer).doAfterTerminate(() -> touch.after(id, head, metadata));
    }

    private static @Nullable ObjectMetadata liveMetadata(RowHead head, long nowMicros) {
        return head.isLiveAt(nowMicros) ? head.metadata() : null;
    }

    static ObjectInfo info(ObjectId id, RowHead head, ObjectMetadata metadata) {
        return new ObjectInfo(id, metadata, head.writeId().toString());
    }
}
