// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.cloud.bigtable.data.v2.models.Filters.Filter;
import com.google.protobuf.ByteString;
import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import reactor.core.publisher.Mono;

/** Writes that only the exact version lets through. (HV-5, HV-6) */
final class VersionedWrites {

    private final Calls calls;
    private final Predicates predicates;
    private final Reads reads;
    private final Writes writes;
    private final Settling settling;
    private final TerraceRuntime runtime;

    VersionedWrites(
            Calls calls, Predicates predicates, Reads reads, Writes writes, Settling settling, TerraceRuntime runtime) {
        this.calls = calls;
        this.predicates = predicates;
        this.reads = reads;
        this.writes = writes;
        this.settling = settling;
        this.runtime = runtime;
    }

    Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        Writes.Write next = writes.of(write);
        if (expected.isAbsent()) {
            return create(id, next, false);
        }
        if (!mayBeLegacy(expected)) {
            return replace(id, predicates.exactly(expected), next, false);
        }
        if (expected.token() instanceof LegacyCell cell) {
            return replace(id, Predicates.exactly(cell), next, false);
        }
        return reads.head(id)
                .flatMap(found -> found.version().equals(expected)
                        ? replace(id, exactlyAsRead(found.version()), next, false)
                        : refusedBy(found));
    }

    Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        if (change.isTooLateFor(expected, runtime.nowMicros())) {
            return Mono.just(new CasOutcome.Refused(null, false));
        }
        RowHead next = change.applyTo(expected, runtime.nowMicros());
        if (expected.version().isAbsent()) {
            return create(id, writes.value(next, null), true);
        }
        if (mayBeLegacy(expected.version())) {
            return rewrite(id, expected.version(), change);
        }
        if (expected.kind() != RowKind.INLINE) {
            return replace(id, predicates.exactly(expected.version()), writes.head(next), true);
        }
        return expected.version().token() instanceof PayloadCell payload
                ? bumpInline(id, expected.version(), next, payload, change)
                : locate(id, expected.version(), change);
    }

    /** The token is missing, so a read says where the payload is. */
    private Mono<CasOutcome> locate(ObjectId id, RowVersion expected, RowChange change) {
        return reads.head(id).flatMap(found -> {
            if (!found.version().equals(expected) || change.isTooLateFor(found, runtime.nowMicros())) {
                return refusedBy(found);
            }
            return found.version().token() instanceof PayloadCell payload
                    ? bumpInline(id, expected, change.applyTo(found, runtime.nowMicros()), payload, change)
                    : rewrite(id, expected, change);
        });
    }

    private Mono<CasOutcome> bumpInline(
            ObjectId id, RowVersion expected, RowHead next, PayloadCell payload, RowChange change) {
        Writes.Write head = writes.headAbove(payload, next);
        return head == null ? rewrite(id, expected, change) : replace(id, predicates.exactly(expected), head, true);
    }

    /**
     * Reads the whole row and writes it anew: one of the reference gets a head, or a payload a place where it stays as long as
     * its head. Sound, because a payload never changes under its version.
     */
    private Mono<CasOutcome> rewrite(ObjectId id, RowVersion expected, RowChange change) {
        return reads.stored(id, RowProjection.FULL)
                .<CasOutcome>flatMap(stored -> {
                    RowHead found = stored.head();
                    if (!found.version().equals(expected) || change.isTooLateFor(found, runtime.nowMicros())) {
                        return refusedBy(found);
                    }
                    ByteString payload = reads.checked(stored, id).payload() == null ? null : stored.payload();
                    Writes.Write next = writes.value(change.applyTo(found, runtime.nowMicros()), payload);
                    return replace(id, exactlyAsRead(found.version()), next, true);
                })
                .switchIfEmpty(Mono.defer(() -> refusedBy(RowHead.ABSENT)));
    }

    private Filter exactlyAsRead(RowVersion version) {
        return version.token() instanceof LegacyCell cell ? Predicates.exactly(cell) : predicates.exactly(version);
    }

    private boolean mayBeLegacy(RowVersion version) {
        return predicates.legacy() && LegacyCell.mayBe(version);
    }

    private Mono<CasOutcome> create(ObjectId id, Writes.Write next, boolean bumps) {
        return settle(id, calls.mutateUnless(Writes.key(id), predicates.any(), next.mutation()), next, bumps);
    }

    private Mono<CasOutcome> replace(ObjectId id, Filter exactly, Writes.Write next, boolean bumps) {
        return settle(id, calls.mutateIf(Writes.key(id), exactly, next.mutation()), next, bumps);
    }

    private Mono<CasOutcome> settle(ObjectId id, Mono<Boolean> request, Writes.Write next, boolean bumps) {
        RowHead ours = next.head();
        return settling.settle(new Settling.Attempt(
                id,
                request,
                () -> reads.head(id),
                new CasOutcome.Applied(ours.version()),
                // Others that bump the same version aim at the same next one, so for a bump all must be ours.
                found -> bumps ? found.equals(ours) : found.version().equals(ours.version())));
    }

    private static Mono<CasOutcome> refusedBy(RowHead found) {
        return Mono.just(new CasOutcome.Refused(found, false));
    }
}
