// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** WB-4: what a broken network costs, and what is left of it. */
abstract class BlobConnectionRules {

    private static final int SIZE = 2 << 20;
    private static final int CALLS = 200;
    /** What a budget holds from the start, and what the client itself may need to find out that a connection is gone. */
    private static final int RESERVE = 60;

    private final LongTermWireTest kit;

    BlobConnectionRules(LongTermWireTest kit) {
        this.kit = kit;
    }

    @Rule("WB-4.1")
    void aServerThatFailsIsHardlySentMoreThanTheCalls() {
        BlobId id = kit.connected(1);
        int before = kit.proxy().accepted();
        kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
        for (int i = 0; i < CALLS / 2; i++) {
            kit.begin(kit.far().head(id)).failure();
            kit.beginPut(kit.nearBlobs().fresh(), 1).failure();
        }

        assertThat(kit.proxy().accepted() - before)
                .as("connections for %s calls that all fail", CALLS)
                .isLessThanOrEqualTo(CALLS + CALLS / 10 + RESERVE);
    }

    @Rule("WB-4.2")
    void whenTheServerIsBackSoAreTheCalls() {
        BlobId id = kit.connected(1);
        kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            kit.begin(kit.far().head(id)).failure();
        }
        kit.proxy().flow();

        kit.recovers("calls succeed again", () -> kit.canSee(id));
    }

    @Rule("WB-4.3")
    void callsThatAreCancelledHoldNothingBack() {
        BlobId id = kit.connected(SIZE);
        List<Supplier<Mono<?>>> calls = List.of(
                () -> kit.far().get(id, null).flatMap(BlobConnectionRules::firstBuffer),
                () -> kit.far().head(id),
                () -> kit.farBlobs().put(kit.nearBlobs().fresh(), Payload.of(Bytes.of(1)), CommitGate.OPEN));
        kit.proxy().holdAnswers();
        for (int i = 0; i < kit.moreThanConnections(); i++) {
            kit.cancelOnceSent(calls.get(i % 3).get());
        }
        for (int i = 0; i < CALLS; i++) {
            Cancel.at(i / 3, calls.get(i % 3).get());
        }
        kit.proxy().flow();
        for (int i = 0; i < CALLS; i++) {
            Cancel.at(i / 3, calls.get(i % 3).get());
        }

        assertUsable(id);
        kit.assertNothingUnfinished();
    }

    @Rule("WB-4.4")
    void bodiesThatAreNotReadToTheirEndHoldNothingBack() {
        BlobId id = kit.connected(SIZE);
        List<Consumer<BlobContent>> ways = List.of(
                content -> Await.done(content.discard()),
                content -> Await.value(firstBuffer(content)),
                content -> Demand.on(content.body()).cancel());
        for (Consumer<BlobContent> way : ways) {
            // More often than there are connections, each: one that is held back each time is missing in the end.
            for (int i = 0; i < kit.moreThanConnections(); i++) {
                way.accept(kit.farBlobs().open(id, null));
            }
        }

        assertUsable(id);
    }

    @Rule("WB-4.5")
    void connectionsThatBreakHoldNothingBack() {
        BlobId id = kit.connected(SIZE);
        for (int i = 0; i < kit.moreThanConnections(); i++) {
            kit.breakOnceAnswered(far -> far.get(id, null).flatMap(BlobConnectionRules::firstBuffer));
            kit.breakOnceAnswered(
                    far -> kit.farBlobs().put(kit.nearBlobs().fresh(), Payload.of(Bytes.of(1)), CommitGate.OPEN));
        }

        assertUsable(id);
        kit.assertNothingUnfinished();
    }

    @Rule("WB-4.6")
    void closingClosesAllConnections() {
        kit.connected(1);
        Await.done(kit.far().closeLater());

        kit.recovers("no connection is left", () -> kit.proxy().connections() == 0);
    }

    private static Mono<ByteBuffer> firstBuffer(BlobContent content) {
        return content.body().next();
    }

    /** As many calls at once as there are connections are answered, and there are no more of these than are said to be. */
    private void assertUsable(BlobId id) {
        int most = kit.wired().connections();
        kit.recovers("calls succeed again", () -> kit.canSee(id));
        List<Pending<BlobInfo>> heads = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            heads.add(kit.begin(kit.far().head(id)));
        }
        assertThat(heads).allSatisfy(head -> assertThat(head.value()).isPresent());
        kit.recovers(
                "there are at most " + most + " connections", () -> kit.proxy().connections() <= most);
    }
}
