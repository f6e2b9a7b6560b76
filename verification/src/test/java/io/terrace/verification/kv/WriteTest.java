// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import static io.terrace.verification.kv.Instance.TTL;
import static io.terrace.verification.kv.Instance.bytes;
import static io.terrace.verification.kv.Instance.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.OutcomeUnknownException;
import io.terrace.TooLargeException;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.Revision;
import io.terrace.kv.WriteOutcome;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes that meet signs of life, lost answers and limits. */
class WriteTest {

    private final InMemoryRows rows = InMemoryRows.create(new ManualRuntime(0));
    private final Instance owner = new Instance(1, rows);
    private final Instance peer = new Instance(2, rows);

    @Test
    void aSignOfLifeDoesNotRefuseAReplacement() {
        Revision revision = owner.create("a", "1");
        peer.interposed.before(SpiOperation.ROW_CAS, () -> owner.runtime.advance(TTL.dividedBy(3)));
        peer.replace("a", revision, "2");
        assertThat(peer.interposed.happened()).isTrue();
        assertThat(peer.entries()).extracting(Instance::text).containsExactly("2");
    }

    @Test
    void aSignOfLifeDoesNotRefuseADelete() {
        Revision revision = owner.create("a", "1");
        peer.interposed.before(SpiOperation.ROW_CAS, () -> owner.runtime.advance(TTL.dividedBy(3)));
        assertThat(peer.bucket.delete("a", revision).block()).isTrue();
        assertThat(peer.interposed.happened()).isTrue();
    }

    @Test
    void aValueThatIsWrittenAtTheLastMomentRefusesAReplacement() {
        Revision revision = owner.create("a", "1");
        peer.interposed.before(SpiOperation.ROW_CAS, () -> owner.replace("a", revision, "2"));
        WriteOutcome outcome = peer.bucket.replace("a", revision, bytes("3")).block();
        assertThat(outcome).isInstanceOfSatisfying(WriteOutcome.Refused.class, refused -> assertThat(
                        refused.current().map(Instance::text))
                .contains("2"));
        assertThat(peer.bucket.delete("a", revision).block()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"APPLIED_THEN_LOST", "REPEATED", "REPEATED_UNSEEN"})
    void aWriteWhoseAnswerWasLostIsFoundInTheRow(Fault fault) {
        owner.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, fault));
        Revision revision = owner.create("a", "1");
        assertThat(owner.faults.injected(fault)).isEqualTo(1);
        assertThat(owner.bucket.get("a").block().revision()).isEqualTo(revision);
        pass(TTL.multipliedBy(3), owner, peer);
        assertThat(peer.entries()).as("and it is kept alive").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "LATE"})
    void aWriteThatMayStillHappenIsOfUnknownOutcome(Fault fault) {
        owner.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, fault));
        assertThatThrownBy(() -> owner.create("a", "1")).isInstanceOf(OutcomeUnknownException.class);
        owner.faults.late().releaseAll();
        pass(TTL.multipliedBy(2), owner, peer);
        assertThat(peer.entries()).as("nobody keeps it alive").isEmpty();
    }

    @Test
    void anAmbiguousRefusalThatTheRowDoesNotExplainIsOfUnknownOutcome() {
        Revision revision = owner.create("a", "1");
        Instance third = new Instance(3, rows);
        third.interposed.before(SpiOperation.ROW_CAS, () -> owner.replace("a", revision, "2"));
        third.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.REPEATED));
        assertThatThrownBy(() -> third.replace("a", revision, "3")).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void aBufferThatIsReusedChangesNothing() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {'1'});
        owner.bucket.create("a", buffer).block();
        assertThat(buffer.remaining()).isEqualTo(1);
        buffer.put(0, (byte) 'x');
        pass(TTL.plus(Duration.ofSeconds(3)), peer);
        assertThat(peer.entries()).isEmpty();
        pass(TTL, owner, peer);
        assertThat(peer.entries())
                .as("published again")
                .extracting(Instance::text)
                .containsExactly("1");
    }

    @Test
    void aValueBeyondTheLimitIsRefusedBeforeAnythingIsSent() {
        owner.traffic.reset();
        assertThatThrownBy(() ->
                        owner.bucket.create("a", ByteBuffer.allocate(65_537)).block())
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("65537")
                .hasMessageContaining("65536");
        assertThat(owner.traffic.operations()).isEmpty();
        owner.bucket.create("a", ByteBuffer.allocate(65_536)).block();
    }

    @Test
    void moreEntriesThanMayBeOwnedAreRefused() {
        Instance small = new Instance(3, rows, BucketOptions.ttl(TTL), settings -> settings.maxEntries(2));
        Revision first = small.create("a", "1");
        small.create("b", "1");
        assertThatThrownBy(() -> small.create("c", "1")).isInstanceOf(AtCapacityException.class);
        small.replace("a", first, "2");
    }

    @Test
    void afterCloseEverythingIsRefused() {
        owner.store.closeLater().block();
        assertThatThrownBy(() -> owner.create("a", "1")).isInstanceOf(BackendUnavailableException.class);
        assertThatThrownBy(owner::entries).isInstanceOf(BackendUnavailableException.class);
        assertThatThrownBy(() -> owner.store.getBucket(Instance.BUCKET).block())
                .isInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void aWriteThatIsAnsweredAfterCloseIsTakenBack() {
        owner.interposed.before(
                SpiOperation.ROW_CAS, () -> owner.store.closeLater().block());
        assertThatThrownBy(() -> owner.create("a", "1")).isInstanceOf(BackendUnavailableException.class);
        assertThat(peer.entries()).isEmpty();
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> BucketOptions.ttl(Duration.ofMillis(299)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT0.3S");
        assertThatThrownBy(() -> new Instance(4, rows, BucketOptions.ttl(TTL), settings -> settings.maxEntries(0)))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() ->
                        new Instance(4, rows, BucketOptions.ttl(TTL), settings -> settings.pollInterval(Duration.ZERO)))
                .isInstanceOf(ConfigurationException.class);
    }
}
