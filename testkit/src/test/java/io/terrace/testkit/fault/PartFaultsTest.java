// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static io.terrace.testkit.fault.SpiOperation.UPLOAD_ABORT;
import static io.terrace.testkit.fault.SpiOperation.UPLOAD_PART;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobId;
import io.terrace.testkit.fault.SpiOperation.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A part under way meets the same faults as the put of a blob. */
class PartFaultsTest {

    private static final BlobId BLOB =
            new BlobId(ObjectId.parse("photos/_/cat"), UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    private final FaultInjector faults = new FaultInjector(FaultPlan.none());
    private final List<String> stored = new ArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();

    private Mono<UploadedPart> upload() {
        Payload body = Payload.from(Payload.ofText("0123456789").body().doOnNext(bytes -> taken.incrementAndGet()));
        SpiCall call = new SpiCall(BackendRole.LONG_TERM, UPLOAD_PART, BLOB.storagePath(), 1);
        return Mono.defer(() -> faults.aroundPart(call, body, bytes -> bytes.checkedBody()
                .map(piece -> UTF_8.decode(piece).toString())
                .collect(Collectors.joining())
                .doOnNext(stored::add)
                .map(text -> new UploadedPart(1, text))));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "LATE"})
    void aPartThatIsLostOrLateTakesTheBodyAndThenSaysThatItDoesNotKnow(Fault fault) {
        faults.follow(FaultPlan.always(UPLOAD_PART, fault));
        StepVerifier.create(upload()).verifyError(OutcomeUnknownException.class);
        assertThat(taken).hasValue(1);
        assertThat(stored).isEmpty();
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(stored).isEqualTo(fault == Fault.LATE ? List.of("0123456789") : List.of());
        assertThat(taken).hasValue(1);
    }

    @Test
    void aPartWhoseAnswerIsLostIsStored() {
        faults.follow(FaultPlan.always(UPLOAD_PART, Fault.APPLIED_THEN_LOST));
        StepVerifier.create(upload()).verifyError(OutcomeUnknownException.class);
        assertThat(stored).containsExactly("0123456789");
    }

    @Test
    void aPartThatBreaksOffHasNoEffect() {
        faults.follow(FaultPlan.onBody(UPLOAD_PART, 1, BodyFault.errorAfter(4)));
        StepVerifier.create(upload()).verifyError(BackendUnavailableException.class);
        assertThat(stored).isEmpty();
        assertThat(faults.injectedIntoBodies()).isOne();
    }

    @Test
    void anAbortWithoutAnAnswerFailsAsADeleteDoes() {
        faults.follow(FaultPlan.always(UPLOAD_ABORT, Fault.LOST));
        SpiCall call = new SpiCall(BackendRole.LONG_TERM, UPLOAD_ABORT, BLOB.storagePath(), 1);
        StepVerifier.create(faults.around(call, Mono.empty()))
                .verifyErrorSatisfies(error -> assertThat(((BackendUnavailableException) error).determinacy())
                        .isEqualTo(Determinacy.UNKNOWN));
    }

    @Test
    void whatOfAnUploadMustNotBeRepeatedIsItsStartOnly() {
        assertThat(Arrays.stream(SpiOperation.values())
                        .filter(operation -> operation.name().matches("UPLOAD_.*|RECORD_.*"))
                        .filter(operation -> operation.effect() == Effect.ONCE))
                .containsExactly(SpiOperation.UPLOAD_START);
    }
}
