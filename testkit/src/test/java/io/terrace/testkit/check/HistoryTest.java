// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** How the answers of wrapped operations are noted. */
class HistoryTest {

    private final History history = new History();

    private Operation only() {
        List<Operation> operations = history.snapshot().get("k");
        assertThat(operations).hasSize(1);
        return operations.get(0);
    }

    private static void run(Mono<?> operation) {
        operation.onErrorResume(error -> Mono.empty()).block();
    }

    @Test
    void nothingIsNotedBeforeSubscription() {
        Mono<String> put = history.put("k", "a", Mono.just("stored"));
        assertThat(history.size()).isZero();
        run(put);
        run(put);
        assertThat(history.size()).isEqualTo(2);
    }

    @Test
    void aWriteThatIsAnsweredIsDoneWithAValueOrWithout() {
        run(history.put("k", "a", Mono.just("stored")));
        assertThat(only().isOpen()).isFalse();
        assertThat(only().state()).isEqualTo("a");
        run(history.delete("other", Mono.empty()));
        assertThat(history.snapshot().get("other").get(0).isOpen()).isFalse();
    }

    @Test
    void aWriteThatWasNotAppliedIsLeftOut() {
        run(history.put("k", "a", Mono.error(new BackendUnavailableException("b", "down", Determinacy.NOT_APPLIED))));
        assertThat(history.snapshot()).isEmpty();
    }

    @Test
    void aWriteThatFailsInAnyOtherWayIsUnknown() {
        run(history.put("k", "a", Mono.error(new OutcomeUnknownException("b", "no answer"))));
        assertThat(only().isOpen()).isTrue();
        run(history.delete("other", Mono.error(new IllegalStateException("who knows"))));
        assertThat(history.snapshot().get("other").get(0).isOpen()).isTrue();
    }

    @Test
    void aWriteThatIsCancelledIsUnknown() {
        history.put("k", "a", Mono.never()).subscribe().dispose();
        assertThat(only().isOpen()).isTrue();
    }

    @Test
    void aCancelAfterTheAnswerChangesNothing() {
        history.put("k", "a", Mono.just("stored").concatWith(Mono.never()).next())
                .block();
        assertThat(only().isOpen()).isFalse();
    }

    @Test
    void aReadFindsAValueOrNothingAndAFailedOneDoesNotCount() {
        run(history.get("k", Mono.just("abc"), String::length));
        assertThat(only().state()).isEqualTo(3);
        run(history.get("k", Mono.empty(), Function.identity()));
        run(history.head("k", Mono.just("info")));
        run(history.head("k", Mono.empty()));
        run(history.get("k", Mono.error(new IllegalStateException()), Function.identity()));
        history.get("k", Mono.never(), Function.identity()).subscribe().dispose();
        assertThat(history.snapshot().get("k"))
                .extracting(Operation::state)
                .containsExactly(3, Operation.ABSENT, Operation.PRESENT, Operation.ABSENT);
    }

    @Test
    void theAnswerIsNotedBeforeTheCallerHasIt() {
        Mono<String> second = Mono.defer(() -> history.get("k", Mono.just("a"), Function.identity()));
        run(history.put("k", "a", Mono.just("stored")).then(second));
        List<Operation> operations = history.snapshot().get("k");
        assertThat(operations.get(0).returned()).isLessThan(operations.get(1).invoked());
    }
}
