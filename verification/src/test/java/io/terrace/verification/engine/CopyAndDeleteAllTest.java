// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BulkProgress;
import io.terrace.ClientPayloadException;
import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.PreconditionFailedException;
import io.terrace.PutOptions;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.TransientException;
import io.terrace.testkit.fault.BodyFault;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Operations that are made of others. */
class CopyAndDeleteAllTest {

    private static final ObjectId COPY = ObjectId.of(ObjectContext.of("copies"), "copy");

    private final Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE, ""})
    void aCopyHasTheSameBytesAndMetadataAndItsOwnBlob(String value) {
        ObjectMetadata metadata = ObjectMetadata.builder().filename("a.txt").build();
        engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText(value)));
        engine.runtime.advance(Duration.ofHours(1));
        ObjectInfo copy =
                Objects.requireNonNull(engine.finish(engine.store.copy(Engine.ID, COPY, PutOptions.defaults())));
        assertThat(copy.metadata().filename()).isEqualTo("a.txt");
        assertThat(copy.metadata().timeCreated()).isEqualTo(engine.runtime.now());
        assertThat(copy.size()).isEqualTo(value.length());

        engine.finish(engine.store.delete(Engine.ID));
        engine.rest();
        assertThat(text(COPY)).isEqualTo(value);
        assertThat(engine.finish(engine.store.head(COPY))).isEqualTo(copy);
    }

    @Test
    void aCopyMayHaveOtherMetadataAndAPrecondition() {
        engine.put(Engine.LARGE);
        ObjectMetadata other = ObjectMetadata.of("text/plain");
        engine.finish(engine.store.copy(Engine.ID, COPY, other, PutOptions.ifAbsent()));
        assertThat(Objects.requireNonNull(engine.finish(engine.store.head(COPY)))
                        .metadata()
                        .contentType())
                .isEqualTo("text/plain");
        assertThatThrownBy(() -> engine.finish(engine.store.copy(Engine.ID, COPY, other, PutOptions.ifAbsent())))
                .isInstanceOf(PreconditionFailedException.class);
        engine.rest();
        assertThat(engine.blobs()).hasSize(2);
        assertThat(engine.entries()).isEmpty();
    }

    @Test
    void aCopyOfNothingCompletesEmptyAndStoresNothing() {
        assertThat(engine.finish(engine.store.copy(Engine.ID, COPY, PutOptions.defaults())))
                .isNull();
        assertThat(engine.traffic.operations()).containsExactly(SpiOperation.ROW_READ);
    }

    @Test
    void anObjectCanBeCopiedOntoItself() {
        engine.put(Engine.LARGE);
        engine.finish(engine.store.copy(Engine.ID, Engine.ID, ObjectMetadata.of("text/plain"), PutOptions.defaults()));
        engine.rest();
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertThat(engine.blobs()).containsExactly(engine.head().target());
    }

    @Test
    void aSourceThatIsReplacedMeanwhileIsCopiedAsItWas() {
        engine.put(Engine.LARGE);
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.BLOB_PUT) {
                engine.faults.follow(FaultPlan.none());
                engine.put("another");
            }
            return Fault.OK;
        });
        engine.finish(engine.store.copy(Engine.ID, COPY, PutOptions.defaults()));
        assertThat(text(COPY)).isEqualTo(Engine.LARGE);
    }

    @Test
    void aSourceThatCannotBeReadIsNoClientsFaultAndLeavesNothing() {
        engine.put(Engine.LARGE);
        engine.faults.follow(new FaultPlan() {
            @Override
            public Fault faultFor(SpiCall call) {
                return Fault.OK;
            }

            @Override
            public BodyFault bodyFaultFor(SpiCall call) {
                return call.operation() == SpiOperation.BLOB_GET ? BodyFault.errorAfter(0) : BodyFault.NONE;
            }
        });
        assertThatThrownBy(() -> engine.finish(engine.store.copy(Engine.ID, COPY, PutOptions.defaults())))
                .isInstanceOf(TransientException.class)
                .isNotInstanceOf(ClientPayloadException.class);
        engine.rest();
        assertThat(engine.blobs()).hasSize(1);
        assertThat(engine.entries()).isEmpty();
    }

    @Test
    void deleteAllLeavesNothingOfTheContextAndEverythingElse() {
        ObjectContext context = ObjectContext.of("bulk", Scopes.of(new Scope("org", "1")));
        List<ObjectId> others = List.of(
                ObjectId.of(ObjectContext.of("bulk"), "a"),
                ObjectId.of(ObjectContext.of("bulk", Scopes.of(new Scope("org", "12"))), "a"),
                ObjectId.of(ObjectContext.of("bulk", Scopes.of(new Scope("org", "1"), new Scope("p", "2"))), "a"),
                ObjectId.of(ObjectContext.of("bulk2", context.scopes()), "a"));
        others.forEach(id -> put(id, Engine.LARGE, ExpirationPolicy.manual()));
        for (int i = 0; i < 30; i++) {
            ExpirationPolicy policy =
                    i % 3 == 0 ? ExpirationPolicy.timeToLive(Duration.ofHours(1)) : ExpirationPolicy.manual();
            put(ObjectId.of(context, "k/" + i), i % 2 == 0 ? Engine.LARGE : Engine.SMALL, policy);
        }
        engine.runtime.advance(Duration.ofHours(2));
        List<BulkProgress> progress = deleteAll(context);

        assertThat(progress).hasSize(30).allSatisfy(p -> assertThat(p.error()).isNull());
        assertThat(progress.get(29).succeeded()).isEqualTo(30);
        assertThat(deleteAll(context)).isEmpty();
        engine.rest();
        assertThat(engine.blobs()).extracting(blob -> blob.object()).containsExactlyInAnyOrderElementsOf(others);
        assertThat(engine.entries()).isEmpty();
    }

    @Test
    void anObjectThatCannotBeDeletedIsReportedAndStopsNoOther() {
        ObjectContext context = ObjectContext.of("bulk");
        for (int i = 0; i < 20; i++) {
            put(ObjectId.of(context, "k" + i), Engine.LARGE, ExpirationPolicy.manual());
        }
        engine.faults.follow(call -> call.operation() == SpiOperation.ROW_DELETE
                        && call.target().toString().endsWith("/k7")
                ? Fault.LOST
                : Fault.OK);
        List<BulkProgress> progress = deleteAll(context);

        assertThat(progress).filteredOn(p -> p.error() != null).singleElement().satisfies(p -> assertThat(p.id().key())
                .isEqualTo("k7"));
        assertThat(progress.get(19).failed()).isEqualTo(1);
        assertThat(progress.get(19).succeeded()).isEqualTo(19);
        engine.faults.follow(FaultPlan.none());
        assertThat(deleteAll(context)).hasSize(1);
        engine.rest();
        assertThat(engine.blobs()).isEmpty();
    }

    @Test
    void deleteAllGoesNoFurtherThanItIsAskedToAndStopsWhenCancelled() {
        ObjectContext context = ObjectContext.of("bulk");
        for (int i = 0; i < 100; i++) {
            put(ObjectId.of(context, "k" + i), Engine.SMALL, ExpirationPolicy.manual());
        }
        engine.traffic.reset();
        StepVerifier.create(engine.store.deleteAll(context), 2)
                .expectNextCount(2)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        assertThat(engine.traffic.records(SpiOperation.ROW_DELETE)).hasSizeBetween(2, 20);
    }

    private List<BulkProgress> deleteAll(ObjectContext context) {
        List<BulkProgress> all = new ArrayList<>();
        engine.finish(engine.store.deleteAll(context).doOnNext(all::add).then());
        return all;
    }

    private void put(ObjectId id, String value, ExpirationPolicy policy) {
        ObjectMetadata metadata = ObjectMetadata.builder().expiration(policy).build();
        engine.finish(engine.store.put(id, metadata, Payload.ofText(value)));
    }

    private @Nullable String text(ObjectId id) {
        return engine.finish(engine.store.withObject(id, GetOptions.all(), Engine::text));
    }
}
