// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Histories whose verdict a person can tell. */
class HistoryCheckerTest {

    private final History history = new History();

    private void put(String value) {
        history.put("k", value).done();
    }

    private void delete() {
        history.delete("k").done();
    }

    private void finds(String value) {
        history.get("k").found(value);
    }

    private void findsNothing() {
        history.get("k").foundNothing();
    }

    private void accepted() {
        assertThatCode(() -> HistoryChecker.assertLinearizable(history)).doesNotThrowAnyException();
    }

    private void rejected() {
        assertThatThrownBy(() -> HistoryChecker.assertLinearizable(history))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'k'");
    }

    @Test
    void nothingAtAllIsFine() {
        accepted();
    }

    @Test
    void oneAfterTheOther() {
        findsNothing();
        put("a");
        finds("a");
        put("b");
        finds("b");
        delete();
        findsNothing();
        accepted();
    }

    @Test
    void aKeyIsAbsentAtFirst() {
        finds("a");
        put("a");
        rejected();
    }

    @Test
    void aStaleReadIsRejected() {
        put("a");
        put("b");
        finds("a");
        rejected();
    }

    @Test
    void aLostWriteIsRejected() {
        put("a");
        findsNothing();
        rejected();
    }

    @Test
    void aResurrectedObjectIsRejected() {
        put("a");
        delete();
        finds("a");
        rejected();
    }

    @Test
    void aValueThatNobodyWroteIsRejected() {
        put("a");
        finds("x");
        rejected();
    }

    @Test
    void readersDuringAWriteMaySeeEitherButNotGoBack() {
        put("a");
        History.Call put = history.put("k", "b");
        finds("a");
        finds("b");
        put.done();
        accepted();
    }

    @Test
    void whoHasSeenTheNewValueHasSeenItForEverybody() {
        put("a");
        History.Call put = history.put("k", "b");
        finds("b");
        finds("a");
        put.done();
        rejected();
    }

    @Test
    void concurrentWritesMayEndInEitherOrderButAllReadersAgree() {
        History.Call a = history.put("k", "a");
        History.Call b = history.put("k", "b");
        b.done();
        a.done();
        finds("b");
        finds("b");
        accepted();
        finds("a");
        rejected();
    }

    @Test
    void aWriteOfUnknownOutcomeMayNeverHappen() {
        put("a");
        history.put("k", "b").unknown();
        finds("a");
        put("c");
        finds("c");
        accepted();
    }

    @Test
    void aWriteOfUnknownOutcomeMayHappenMuchLater() {
        put("a");
        history.put("k", "b").unknown();
        finds("a");
        put("c");
        finds("c");
        finds("b");
        accepted();
    }

    @Test
    void butItHappensOnceOnly() {
        history.put("k", "b").unknown();
        finds("b");
        put("c");
        finds("c");
        finds("b");
        rejected();
    }

    @Test
    void andNotBeforeItBegan() {
        finds("b");
        history.put("k", "b").unknown();
        rejected();
    }

    @Test
    void aWriteThatWasNotAppliedNeverHappens() {
        put("a");
        history.put("k", "b").notApplied();
        finds("a");
        accepted();
        finds("b");
        rejected();
    }

    @Test
    void aWriteThatIsStillUnderWayMayHaveHappened() {
        put("a");
        history.put("k", "b");
        finds("a");
        finds("b");
        accepted();
        finds("a");
        rejected();
    }

    @Test
    void aDeleteOfUnknownOutcomeMayHappenOnce() {
        put("a");
        history.delete("k").unknown();
        finds("a");
        findsNothing();
        accepted();
        put("b");
        findsNothing();
        rejected();
    }

    @Test
    void asManyDeletesOfUnknownOutcomeAsThereWereMayHappen() {
        history.delete("k").unknown();
        history.delete("k").unknown();
        put("a");
        findsNothing();
        put("b");
        findsNothing();
        accepted();
        put("c");
        findsNothing();
        rejected();
    }

    @Test
    void readsThatFailedSayNothing() {
        put("a");
        history.get("k").notApplied();
        history.get("k").unknown();
        history.get("k");
        accepted();
    }

    @Test
    void aHeadTellsOnlyWhetherThereIsAValue() {
        history.head("k").foundNothing();
        put("a");
        history.head("k").foundSomething();
        accepted();
        delete();
        history.head("k").foundSomething();
        rejected();
    }

    @Test
    void aHeadCanShowThatAnUnknownPutHappened() {
        history.put("k", "a").unknown();
        history.head("k").foundSomething();
        accepted();
        findsNothing();
        rejected();
    }

    @Test
    void keysAreJudgedApartAndEachViolationIsReported() {
        for (String key : new String[] {"good", "bad", "worse"}) {
            history.put(key, "a").done();
        }
        history.get("good").found("a");
        history.get("bad").foundNothing();
        history.get("worse").found("x");
        assertThat(HistoryChecker.violations(history))
                .extracting(Violation::key)
                .containsExactly("bad", "worse");
    }

    @Test
    void anOperationEndsOnce() {
        History.Call put = history.put("k", "a");
        put.done();
        assertThatThrownBy(put::unknown).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.get("k").done()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.put("k", "b").found("b")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theCounterexampleIsSmallAndReadable() {
        for (int i = 0; i < 100; i++) {
            put("v" + i);
            finds("v" + i);
        }
        put("old");
        History.Call slow = history.put("k", "new");
        history.head("k").foundSomething();
        finds("new");
        finds("old");
        slow.done();
        for (int i = 0; i < 100; i++) {
            put("w" + i);
            finds("w" + i);
        }

        Violation violation = HistoryChecker.violations(history).get(0);

        assertThat(violation.operations()).isEqualTo(4);
        assertThat(violation.toString()).isEqualTo("""
                        The operations on 'k' are not linearizable. No order of these 4 explains all their answers:
                          #201   []        put old  done
                          #202     [----?  put new  outcome unknown
                          #204      []     get      found new
                          #205        []   get      found old
                        """);
    }
}
