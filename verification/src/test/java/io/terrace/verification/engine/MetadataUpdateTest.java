// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.MetadataPatch;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.TooLargeException;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R15: the metadata change, and the value does not. */
class MetadataUpdateTest {

    private static final MetadataPatch PATCH = MetadataPatch.builder()
            .contentType("text/plain")
            .filename("new.txt")
            .origin(null)
            .custom("added", "1")
            .removeCustom("removed")
            .build();

    private Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void whatThePatchNamesChangesAndEverythingElseStays(String value) {
        ObjectInfo before = put(value);
        engine.runtime.advance(Duration.ofHours(1));
        ObjectInfo after = Objects.requireNonNull(update(PATCH, Precondition.none()));

        ObjectMetadata expected = before.metadata().toBuilder()
                .contentType("text/plain")
                .filename("new.txt")
                .origin(null)
                .custom(java.util.Map.of("kept", "2", "added", "1"))
                .build();
        assertThat(after).isEqualTo(new ObjectInfo(Engine.ID, expected, before.etag()));
        assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(after);
        assertThat(engine.get()).isEqualTo(value);
    }

    @Test
    void ofNothingOrOfWhatWasDeletedOrHasExpiredItCompletesEmpty() {
        assertThat(update(PATCH, Precondition.none())).isNull();
        put(Engine.LARGE);
        engine.finish(engine.store.delete(Engine.ID));
        assertThat(update(PATCH, Precondition.none())).isNull();
        put(Engine.LARGE);
        update(expiring(ExpirationPolicy.timeToLive(Duration.ofHours(1))), Precondition.none());
        engine.runtime.advance(Duration.ofHours(2));
        assertThat(update(PATCH, Precondition.none())).isNull();
    }

    @Test
    void aPreconditionThatFailsChangesNothing() {
        assertThatThrownBy(() -> update(PATCH, Precondition.ifMatch("00")))
                .isInstanceOf(PreconditionFailedException.class);
        ObjectInfo before = put(Engine.LARGE);
        for (Precondition required : List.of(Precondition.ifAbsent(), Precondition.ifMatch("00"))) {
            assertThat(catchThrowableOfType(PreconditionFailedException.class, () -> update(PATCH, required))
                            .currentVersion())
                    .contains(before.etag());
        }
        assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(before);
        assertThat(update(PATCH, Precondition.ifMatch(before.etag()))).isNotNull();
        // The etag is that of the bytes, which are what they were.
        assertThat(update(PATCH, Precondition.ifMatch(before.etag()))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aNewPolicySetsTheDeadlineOfTheRowAndTheTimeInTheMetadataAlike(String value) {
        ObjectInfo before = put(value);
        Duration hour = Duration.ofHours(1);
        engine.runtime.advance(Duration.ofMinutes(20));
        ObjectInfo live = updated(expiring(ExpirationPolicy.timeToLive(hour)));
        assertThat(live.metadata().timeExpires())
                .isEqualTo(
                        Objects.requireNonNull(before.metadata().timeCreated()).plus(hour));
        assertDeadline(live);
        ObjectInfo idle = updated(expiring(ExpirationPolicy.timeToIdle(hour)));
        assertThat(idle.metadata().timeExpires()).isEqualTo(engine.runtime.now().plus(hour));
        assertDeadline(idle);
        updated(PATCH);
        assertThat(engine.head().deadline())
                .isEqualTo(Deadline.at(engine.runtime.now().plus(hour)));
        updated(expiring(ExpirationPolicy.manual()));
        assertThat(engine.head().deadline()).isEqualTo(Deadline.NONE);

        updated(expiring(ExpirationPolicy.timeToLive(Duration.ofMinutes(1))));
        assertThat(engine.get()).isNull();
        engine.put(Engine.SMALL);
        engine.rest();
        assertThat(engine.blobs()).isEmpty();
    }

    @Test
    void aPatchWhoseResultIsTooLargeChangesNothing() {
        ObjectInfo before = put(Engine.SMALL);
        MetadataPatch huge =
                MetadataPatch.builder().custom("k", "v".repeat(100_000)).build();
        assertThatThrownBy(() -> update(huge, Precondition.none())).isInstanceOf(TooLargeException.class);
        assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoUpdatesAtOnceAreBothDone(boolean reportObserved) {
        engine = new Engine(builder -> builder, reportObserved);
        put(Engine.LARGE);
        engine.faults.follow(once(
                SpiOperation.ROW_BUMP,
                () -> updated(MetadataPatch.builder().custom("theirs", "3").build())));
        updated(MetadataPatch.builder().custom("mine", "4").build());
        assertThat(Objects.requireNonNull(engine.head().metadata()).custom())
                .containsEntry("theirs", "3")
                .containsEntry("mine", "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aPutInBetweenIsNotUndone(String theirs) {
        ObjectInfo before = put(Engine.LARGE);
        for (Precondition required : List.of(Precondition.none(), Precondition.ifMatch(before.etag()))) {
            engine.faults.follow(once(SpiOperation.ROW_BUMP, () -> engine.put(theirs)));
            assertThatThrownBy(() -> update(PATCH, required))
                    .isInstanceOf(
                            required.isNone() ? BackendUnavailableException.class : PreconditionFailedException.class);
            assertThat(Objects.requireNonNull(engine.head().metadata()).filename())
                    .isNull();
            assertThat(engine.get()).isEqualTo(theirs);
        }
    }

    @Test
    void aDeleteInBetweenIsNotUndone() {
        put(Engine.LARGE);
        engine.faults.follow(once(SpiOperation.ROW_BUMP, () -> engine.finish(engine.store.delete(Engine.ID))));
        assertThat(update(PATCH, Precondition.none())).isNull();
        assertThat(engine.get()).isNull();
    }

    @Test
    void bumpsInBetweenAreOvercomeWithinABound() {
        put(Engine.LARGE);
        AtomicInteger bumps = new AtomicInteger();
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_BUMP) {
                bumps.incrementAndGet();
                engine.rows.bump(Engine.ID, engine.head(), RowChange.fence(1)).block();
            }
            return Fault.OK;
        });
        assertThatThrownBy(() -> update(PATCH, Precondition.none()))
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(bumps).hasValueBetween(2, 10);
    }

    @Test
    void anUpdateWithoutAnAnswerIsUnknownAndNotSentAgain() {
        for (Fault fault : List.of(Fault.LOST, Fault.APPLIED_THEN_LOST, Fault.LATE, Fault.REPEATED)) {
            engine = new Engine();
            put(Engine.LARGE);
            engine.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, fault));
            assertThatThrownBy(() -> update(PATCH, Precondition.none())).isInstanceOf(OutcomeUnknownException.class);
            assertThat(engine.traffic.records(SpiOperation.ROW_BUMP)).hasSize(1);
            engine.put(Engine.SMALL);
            engine.faults.late().releaseAll().block();
            assertThat(engine.get()).isEqualTo(Engine.SMALL);
        }
    }

    @Test
    void anUpdateThatIsRefusedOutrightIsSentAgain() {
        put(Engine.SMALL);
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, Fault.FAIL_NOT_APPLIED));
        assertThat(updated(PATCH).metadata().filename()).isEqualTo("new.txt");
    }

    /** What a fresh write id would do: the writer would take the update for a value, and delete the blob it points to. */
    @Test
    void anUpdateDuringAnOverwriteDoesNotMakeItLoseItsBlob() {
        put(Engine.LARGE);
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> updated(PATCH)));
        engine.put("another value of more than sixteen bytes");
        assertThat(engine.get()).isEqualTo("another value of more than sixteen bytes");
        engine.rest();
        assertThat(engine.blobs()).containsExactly(engine.head().target());
        assertThat(engine.entries()).isEmpty();
    }

    private void assertDeadline(ObjectInfo info) {
        assertThat(engine.head().deadline())
                .isEqualTo(Deadline.at(Objects.requireNonNull(info.metadata().timeExpires())));
    }

    private ObjectInfo put(String value) {
        ObjectMetadata metadata = ObjectMetadata.builder()
                .origin("203.0.113.7")
                .custom("kept", "2")
                .custom("removed", "0")
                .build();
        return Objects.requireNonNull(engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText(value))));
    }

    private static MetadataPatch expiring(ExpirationPolicy policy) {
        return MetadataPatch.builder().expiration(policy).build();
    }

    private ObjectInfo updated(MetadataPatch patch) {
        return Objects.requireNonNull(update(patch, Precondition.none()));
    }

    private @Nullable ObjectInfo update(MetadataPatch patch, Precondition required) {
        return engine.finish(engine.store.updateMetadata(Engine.ID, patch, required));
    }

    /** A plan that lets something else happen just before the first call of this kind. */
    private static FaultPlan once(SpiOperation operation, Runnable before) {
        AtomicInteger calls = new AtomicInteger();
        return call -> {
            if (call.operation() == operation && calls.incrementAndGet() == 1) {
                before.run();
            }
            return Fault.OK;
        };
    }
}
