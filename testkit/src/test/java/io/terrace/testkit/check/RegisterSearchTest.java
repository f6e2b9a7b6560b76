// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search against every order there is, against a register that is correct by construction, and against the clock. */
class RegisterSearchTest {

    /** Tries all orders of all subsets that contain the operations of known outcome. */
    private static boolean bruteForce(List<Operation> operations) {
        return explains(operations, new boolean[operations.size()], Operation.ABSENT);
    }

    private static boolean explains(List<Operation> all, boolean[] done, Object state) {
        long mustReturn = Operation.OPEN;
        for (int i = 0; i < done.length; i++) {
            if (!done[i]) {
                mustReturn = Math.min(mustReturn, all.get(i).returned());
            }
        }
        if (mustReturn == Operation.OPEN) {
            return true;
        }
        for (int i = 0; i < done.length; i++) {
            Operation next = all.get(i);
            if (done[i] || next.invoked() > mustReturn || !(next.write() || next.accepts(state))) {
                continue;
            }
            done[i] = true;
            if (explains(all, done, next.write() ? next.state() : state)) {
                return true;
            }
            done[i] = false;
        }
        return false;
    }

    private static List<Operation> randomHistory(Random random, int size, int values, double unknown) {
        List<Integer> moments = new ArrayList<>();
        for (int i = 0; i < 2 * size; i++) {
            moments.add(i);
        }
        Collections.shuffle(moments, random);
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int a = moments.get(2 * i);
            int b = moments.get(2 * i + 1);
            boolean write = random.nextInt(5) < 2;
            int pick = random.nextInt(values + 2);
            Object state = pick == 0 ? Operation.ABSENT : pick == 1 && !write ? Operation.PRESENT : "v" + pick;
            boolean open = write && random.nextDouble() < unknown;
            operations.add(new Operation(
                    i, write ? "put" : "get", write, state, Math.min(a, b), open ? Operation.OPEN : Math.max(a, b)));
        }
        operations.sort((x, y) -> Long.compare(x.invoked(), y.invoked()));
        return operations;
    }

    @Test
    void itAgreesWithAllOrdersOfSmallHistories() {
        Random random = new Random(20260101);
        int explicable = 0;
        int rounds = 10_000;
        for (int i = 0; i < rounds; i++) {
            List<Operation> operations = randomHistory(random, 2 + random.nextInt(7), 1 + random.nextInt(3), 0.3);
            boolean expected = bruteForce(operations);
            assertThat(RegisterSearch.firstInexplicable(operations) == null)
                    .as(() -> Timeline.draw(operations))
                    .isEqualTo(expected);
            explicable += expected ? 1 : 0;
        }
        assertThat(explicable).as("both verdicts occur").isBetween(rounds / 10, rounds * 9 / 10);
    }

    @Test
    void whatTheMinimizerLeavesIsInexplicableAndLosesThatWithAnyRead() {
        Random random = new Random(7);
        int checked = 0;
        for (int i = 0; i < 1_000; i++) {
            List<Operation> operations = randomHistory(random, 8, 2, 0.3);
            if (bruteForce(operations)) {
                continue;
            }
            checked++;
            List<Operation> core = Minimizer.minimize(operations);
            assertThat(bruteForce(core)).as(() -> Timeline.draw(core)).isFalse();
            for (Operation read : core) {
                if (!read.write()) {
                    List<Operation> fewer = new ArrayList<>(core);
                    fewer.remove(read);
                    assertThat(bruteForce(fewer)).as(() -> Timeline.draw(core)).isTrue();
                }
            }
        }
        assertThat(checked).isGreaterThan(100);
    }

    /** Clients of a true register: an operation takes effect somewhere between its beginning and its end. */
    private static History simulate(Random random, int clients, int operations, double unknown) {
        History history = new History();
        String state = null;
        int begun = 0;
        List<History.Call> call = new ArrayList<>(Collections.nCopies(clients, null));
        List<String> action = new ArrayList<>(Collections.nCopies(clients, ""));
        List<Boolean> effective = new ArrayList<>(Collections.nCopies(clients, false));
        List<String> found = new ArrayList<>(Collections.nCopies(clients, null));
        List<String> zombies = new ArrayList<>();
        while (begun < operations) {
            int c = random.nextInt(clients);
            if (call.get(c) == null) {
                begun++;
                String next = random.nextInt(3) == 0 ? "get" : random.nextInt(4) == 0 ? "delete" : "v" + begun;
                action.set(c, next);
                effective.set(c, false);
                call.set(
                        c,
                        next.equals("get")
                                ? history.get("k")
                                : next.equals("delete") ? history.delete("k") : history.put("k", next));
            } else if (!effective.get(c)) {
                if (!action.get(c).equals("get") && random.nextDouble() < unknown) {
                    call.get(c).unknown();
                    zombies.add(action.get(c));
                    call.set(c, null);
                    continue;
                }
                effective.set(c, true);
                if (action.get(c).equals("get")) {
                    found.set(c, state);
                } else {
                    state = action.get(c).equals("delete") ? null : action.get(c);
                }
            } else {
                if (!action.get(c).equals("get")) {
                    call.get(c).done();
                } else if (found.get(c) == null) {
                    call.get(c).foundNothing();
                } else {
                    call.get(c).found(found.get(c));
                }
                call.set(c, null);
            }
            if (!zombies.isEmpty() && random.nextInt(20) == 0) {
                String late = zombies.remove(random.nextInt(zombies.size()));
                state = late.equals("delete") ? null : late;
            }
        }
        return history;
    }

    @Test
    void aTrueRegisterIsAlwaysAccepted() {
        for (int seed = 0; seed < 60; seed++) {
            History history = simulate(new Random(seed), 1 + seed % 8, 200, (seed % 4) * 0.1);
            assertThat(HistoryChecker.violations(history)).as("seed " + seed).isEmpty();
        }
    }

    /** What the search of a correct history costs. */
    private static int cost(History history) {
        RegisterSearch.Result result = RegisterSearch.search(history.snapshot().get("k"));
        assertThat(result.inexplicable()).isNull();
        return result.most();
    }

    @Test
    void theCostOfALongHistoryDoesNotGrowWithItsLength() {
        assertThat(cost(simulate(new Random(1), 6, 1_000, 0.05))).isLessThan(1_000);
        assertThat(cost(simulate(new Random(1), 6, 10_000, 0.05))).isLessThan(1_000);
    }

    @Test
    void aDozenWritersAndADozenReadersAtOnceAreNoTrouble() {
        History history = new History();
        List<History.Call> puts = new ArrayList<>();
        List<History.Call> gets = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            puts.add(history.put("k", "v" + i));
            gets.add(history.get("k"));
        }
        for (int i = 11; i >= 0; i--) {
            gets.get(i).found("v" + (i * 7) % 12);
            puts.get(i).done();
        }
        history.get("k").found("v3");
        assertThat(cost(history)).isLessThan(30_000);
        history.get("k").found("v4");
        assertThat(HistoryChecker.violations(history)).hasSize(1);
    }

    @Test
    void manyDeletesOfUnknownOutcomeCostLittle() {
        History history = new History();
        for (int i = 0; i < 200; i++) {
            history.delete("k").unknown();
            history.put("k", "v" + i).done();
            if (i % 3 == 0) {
                history.get("k").foundNothing();
            } else {
                history.get("k").found("v" + i);
            }
        }
        assertThat(cost(history)).isLessThan(1_000);
    }

    @Test
    void whatCannotBeJudgedIsSaidToBeUndecided() {
        History history = new History();
        List<History.Call> puts = new ArrayList<>();
        List<History.Call> gets = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            puts.add(history.put("k", "v" + i));
            gets.add(history.get("k"));
        }
        puts.forEach(History.Call::done);
        for (int i = 0; i < 30; i++) {
            gets.get(i).found("v" + i);
        }
        assertThatThrownBy(() -> HistoryChecker.violations(history))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fewer clients");
    }
}
