// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** WB-2: connections that break or stand still while a blob is uploaded. */
abstract class BrokenUploadRules {

    private static final int CHUNK = 1 << 16;
    private static final int SHORT = 20_000;

    private final LongTermWireTest kit;

    BrokenUploadRules(LongTermWireTest kit) {
        this.kit = kit;
    }

    @Rule("WB-2.1")
    void anUploadThatBreaksLeavesTheWholeBlobOrNothing() {
        kit.connected(1);
        for (long bytes : new long[] {0, 1, 1000, LongTermWireTest.SMALL / 2}) {
            BlobId id = kit.nearBlobs().fresh();
            kit.proxy().cutRequestsAfter(bytes, 1);
            kit.assertWholeOrNothing(id, LongTermWireTest.SMALL, ended(kit.beginPut(id, LongTermWireTest.SMALL)));
        }
        for (long bytes : new long[] {0, 100_000, kit.largeBytes() / 2}) {
            BlobId id = kit.nearBlobs().fresh();
            kit.proxy().cutRequestsAfter(bytes, 1);
            kit.assertWholeOrNothing(id, kit.largeBytes(), ended(kit.beginPut(id, kit.largeBytes(), CommitGate.OPEN)));
        }
        // Short requests pass, those that carry the blob do not: it must fail, and can be undone.
        BlobId never = kit.nearBlobs().fresh();
        kit.proxy().cutRequestsAfter(SHORT, Integer.MAX_VALUE);
        Pending<BlobInfo> put = kit.beginPut(never, kit.largeBytes(), CommitGate.OPEN);
        assertThat(put.failure()).isNotNull();
        kit.assertWholeOrNothing(never, kit.largeBytes(), put);
    }

    @Rule("WB-2.2")
    void aLargeUploadSurvivesOneBrokenConnection() {
        kit.connected(1);
        for (boolean answer : new boolean[] {false, true}) {
            BlobId id = kit.nearBlobs().fresh();
            int cuts = kit.proxy().cuts();
            AtomicInteger emitted = new AtomicInteger();
            List<ByteBuffer> pieces = Bytes.cut(Bytes.of(kit.largeBytes()), CHUNK);
            Flux<ByteBuffer> body = Flux.fromIterable(pieces).doOnNext(piece -> {
                if (emitted.incrementAndGet() == pieces.size() / 2) {
                    if (answer) {
                        kit.proxy().cutAnswersAfter(0, 1);
                    } else {
                        kit.proxy().cutRequestsAfter(CHUNK, 1);
                    }
                }
            });
            Pending<BlobInfo> put = kit.begin(kit.farBlobs().put(id, Payload.from(body), CommitGate.OPEN));

            assertThat(put.error())
                    .as("cut %s", answer ? "an answer" : "a request")
                    .isNull();
            assertThat(kit.proxy().cuts() - cuts)
                    .as("connections that were cut within %s", answer ? "an answer" : "a request")
                    .isEqualTo(1);
            kit.assertWholeOrNothing(id, kit.largeBytes(), put);
            kit.proxy().flow();
        }
    }

    @Rule("WB-2.3")
    void anUploadThatNobodyTakesEndsAndCancelsItsBody() {
        kit.connected(1);
        for (boolean stalled : new boolean[] {false, true}) {
            BlobId id = kit.nearBlobs().fresh();
            AtomicBoolean ended = new AtomicBoolean();
            Runnable fault =
                    stalled ? kit.proxy()::holdRequests : () -> kit.proxy().cutRequestsAfter(0, Integer.MAX_VALUE);
            Flux<ByteBuffer> body = Flux.fromIterable(Bytes.cut(Bytes.of(kit.largeBytes()), CHUNK))
                    .doOnSubscribe(subscription -> fault.run())
                    .doFinally(how -> ended.set(true));
            Pending<BlobInfo> put = kit.begin(kit.farBlobs().put(id, Payload.from(body), CommitGate.OPEN));

            assertThat(put.failure()).isNotNull();
            kit.recovers("the body is cancelled", ended::get);
            kit.nearBlobs().assertInvisible(id);
            kit.proxy().loseHeld();
        }
    }

    @Rule("WB-2.4")
    void bytesThatChangeOnTheWayAreNotStored() {
        kit.connected(1);
        BlobId id = kit.nearBlobs().fresh();
        kit.proxy().changeRequestsAfter(LongTermWireTest.SMALL / 2);
        Pending<BlobInfo> put = kit.beginPut(id, LongTermWireTest.SMALL);

        if (put.error() == null) {
            assertThat(kit.nearBlobs().read(id)).isEqualTo(Bytes.of(LongTermWireTest.SMALL));
        } else {
            kit.nearBlobs().assertInvisible(id);
        }
    }

    @Rule("WB-2.5")
    void anUploadThatIsCancelledAtAnyMomentLeavesNothingUnfinished() {
        kit.connected(1);
        int pieces = kit.largeBytes() / CHUNK;
        for (int stop = 0; stop < pieces; stop += pieces / 12) {
            BlobId id = kit.nearBlobs().fresh();
            int last = stop;
            Sinks.Empty<Void> reached = Sinks.empty();
            AtomicInteger emitted = new AtomicInteger();
            Flux<ByteBuffer> body = Flux.fromIterable(Bytes.cut(Bytes.of(kit.largeBytes()), CHUNK))
                    .doOnNext(piece -> {
                        if (emitted.getAndIncrement() == last) {
                            reached.tryEmitEmpty();
                        }
                    });
            Disposable put =
                    kit.farBlobs().put(id, Payload.from(body), CommitGate.OPEN).subscribe(info -> {}, error -> {});
            Await.done(reached.asMono());
            put.dispose();
        }

        kit.assertNothingUnfinished();
        BlobId after = kit.nearBlobs().fresh();
        kit.assertWholeOrNothing(
                after, kit.largeBytes(), ended(kit.beginPut(after, kit.largeBytes(), CommitGate.OPEN)));
    }

    private Pending<BlobInfo> ended(Pending<BlobInfo> put) {
        put.ended();
        kit.proxy().flow();
        return put;
    }
}
