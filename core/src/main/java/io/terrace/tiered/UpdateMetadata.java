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
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * R15: changes what a row says about its value by a bump of its exact version, which keeps write id, payload and target.
 * The row alone says what the metadata are, so no other tier is asked.
 */
final class UpdateMetadata {

    private final Tiers tiers;

    UpdateMetadata(Tiers tiers) {
        this.tiers = tiers;
    }

    Mono<Answer<ObjectInfo>> update(Condition condition, MetadataPatch patch, CommitPoint point) {
        return tiers.head(condition.object())
                .onErrorMap(NothingStored::because)
                .flatMap(row -> new Run(condition, patch, row.writeId()).begin(row, point));
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

        Mono<Answer<ObjectInfo>> begin(RowHead row, CommitPoint point) {
            return point.pass() ? attempt(row, 1) : Mono.empty();
        }

        private Mono<Answer<ObjectInfo>> attempt(RowHead row, int number) {
            Instant now = tiers.runtime().now();
            RuntimeException failure = condition.failureAt(row, tiers.runtime().nowMicros());
            if (failure != null) {
                return Mono.error(failure);
            }
            ObjectMetadata current = row.metadata();
            if (current == null || !row.isLiveAt(tiers.runtime().nowMicros())) {
                return Mono.just(Answer.of(null, null));
            }
            if (!row.writeId().equals(value) || number > Settings.COMMIT_ATTEMPTS) {
                return Mono.error(busy());
            }
            ObjectMetadata next = patch.applyTo(current, now);
            Deadline deadline = patch.changesExpiration() ? deadlineOf(next) : row.deadline();
            return send(row, next, deadline).materialize().flatMap(signal -> answered(signal, row, next, number));
        }

        private Mono<Answer<ObjectInfo>> answered(
                Signal<CasOutcome> signal, RowHead row, ObjectMetadata next, int number) {
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
                                : again(refused.observed(), number));
            }
            Throwable error = signal.getThrowable();
            if (error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED) {
                return known.retryable() && tiers.rowRetries().mayRepeat()
                        ? tiers.rowRetries().pause(number).then(Mono.defer(() -> attempt(row, number + 1)))
                        : Mono.error(known);
            }
            return Mono.error(unknown(error));
        }

        private Mono<Answer<ObjectInfo>> again(@Nullable RowHead observed, int number) {
            return observed != null
                    ? attempt(observed, number + 1)
                    : tiers.rowRetries()
                            .of(tiers.head(object))
                            .onErrorMap(NothingStored::because)
                            .flatMap(row -> attempt(row, number + 1));
        }

        private Mono<CasOutcome> send(RowHead row, ObjectMetadata next, Deadline deadline) {
            BlobId target = row.target();
            if (target != null && !tiers.rules().obey(Rule.METADATA_KEEP_WRITE_ID)) {
                WriteId fresh = tiers.runtime().newWriteId();
                return tiers.rows()
                        .compareAndSet(object, row.version(), new RowWrite.Tombstone(fresh, target, next, deadline));
            }
            return tiers.rows().bump(object, row, RowChange.metadata(next, deadline));
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

    private static Deadline deadlineOf(ObjectMetadata metadata) {
        Instant expires = metadata.timeExpires();
        return expires == null ? Deadline.NONE : Deadline.at(expires);
    }
}
