// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.MetadataPatch;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * R15: changes what a row says about its value by a bump of its exact version, which keeps write id, payload and target.
 * The row alone says what the metadata are, so no other tier is asked.
 */
final class UpdateMetadata {

    private final Tiers tiers;
    private final Policies policies;

    UpdateMetadata(Tiers tiers, Policies policies) {
        this.tiers = tiers;
        this.policies = policies;
    }

    Mono<Answer<ObjectInfo>> update(Condition condition, MetadataPatch patch, CommitPoint point) {
        return Mono.defer(() -> {
            MetadataPatch admitted = policies.admit(condition.object().context(), patch);
            long asked = tiers.runtime().nowMicros();
            return tiers.head(condition.object())
                    .onErrorMap(NothingStored::because)
                    .flatMap(row -> new Run(condition, admitted, row.writeId()).begin(row, asked, point));
        });
    }

    private final class Run {
        private final Condition condition;
        private final ObjectId object;
        private final MetadataPatch patch;
        private final WriteId value;

        Run(Condition condition, MetadataPatch patch, WriteId value) {
            this.condition = condition;
            this.object = condition.object();
            this.patch = patch;
            this.value = value;
        }

        Mono<Answer<ObjectInfo>> begin(RowHead row, long asked, CommitPoint point) {
            return point.pass() ? attempt(row, asked, 1) : Mono.empty();
        }

        /**
         * One bump.
         *
         * @param asked the clock before the row was asked for: by a later one, a row that was live and has been replaced since
         *     would count as absent, though the object never was
         */
        private Mono<Answer<ObjectInfo>> attempt(RowHead row, long asked, int number) {
            RuntimeException failure = condition.failureAt(row, asked);
            if (failure != null) {
                return Mono.error(failure);
            }
            ObjectMetadata current = row.metadata();
            if (current == null || !row.isLiveAt(asked)) {
                return Mono.just(Answer.of(null, null));
            }
            if (!row.writeId().equals(value) || number > Settings.COMMIT_ATTEMPTS) {
                return Mono.error(busy());
            }
            long sent = tiers.runtime().nowMicros();
            ObjectMetadata next = patch.applyTo(current, tiers.runtime().now());
            if (number == 1) {
                tiers.rowRetries().begin();
            }
            return send(row, next)
                    .materialize()
                    .flatMap(signal -> answered(signal, row, next, new Attempt(asked, sent, number)));
        }

        private Mono<Answer<ObjectInfo>> answered(
                Signal<CasOutcome> signal, RowHead row, ObjectMetadata next, Attempt attempt) {
            CasOutcome outcome = signal.get();
            if (outcome != null) {
                return outcome.fold(
                        applied -> Mono.just(Answer.of(
                                new ObjectInfo(
                                        object,
                                        next,
                                        applied.version().writeId().toString()),
                                null)),
                        refused -> refused.ambiguousAttempt()
                                ? Mono.error(unknown(null))
                                : again(refused.observed(), attempt));
            }
            Throwable error = signal.getThrowable();
            if (error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED) {
                return known.retryable() && tiers.rowRetries().mayRepeat()
                        ? tiers.rowRetries()
                                .pause(attempt.number())
                                .then(Mono.defer(() -> attempt(row, attempt.asked(), attempt.number() + 1)))
                        : Mono.error(known);
            }
            return Mono.error(unknown(error));
        }

        private Mono<Answer<ObjectInfo>> again(@Nullable RowHead observed, Attempt refused) {
            if (observed != null) {
                return attempt(observed, refused.sent(), refused.number() + 1);
            }
            long asked = tiers.runtime().nowMicros();
            return tiers.rowRetries()
                    .of(tiers.head(object))
                    .onErrorMap(NothingStored::because)
                    .flatMap(row -> attempt(row, asked, refused.number() + 1));
        }

        private Mono<CasOutcome> send(RowHead row, ObjectMetadata next) {
            BlobId target = row.target();
            if (target != null && !tiers.rules().obey(Rule.METADATA_KEEP_WRITE_ID)) {
                WriteId fresh = tiers.runtime().newWriteId();
                return tiers.rows()
                        .compareAndSet(
                                object, row.version(), new RowWrite.Tombstone(fresh, target, next, row.deadline()));
            }
            // A new deadline for what has expired meanwhile would bring it back; a touch is refused then.
            return tiers.rows()
                    .bump(
                            object,
                            row,
                            patch.expiration().isPresent()
                                    ? RowChange.touch(next, Deadline.of(next))
                                    : RowChange.metadata(next, row.deadline()));
        }

        private TerraceException unknown(@Nullable Throwable cause) {
            return new OutcomeUnknownException(
                    "",
                    "The update of the metadata of '" + object.storagePath() + "' was sent, but not answered",
                    cause);
        }

        private TerraceException busy() {
            return new BackendUnavailableException(
                    tiers.rows().name(),
                    "The object '" + object.storagePath() + "' was written by others while its metadata were updated. "
                            + "Nothing was changed; update again.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** When the row was asked for, when the bump was sent, and which one it is, from 1. */
    private record Attempt(long asked, long sent, int number) {}
}
