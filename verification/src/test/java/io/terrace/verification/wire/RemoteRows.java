// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.TerraceException;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Rows on a server: right, but for its flaw. */
final class RemoteRows implements HighVolumeBackend, RowListing {

    private static final byte[] REQUEST = new byte[100];
    private static final int BYTES_PER_ROW = 100;
    private static final int PAGE = 40;
    private static final Duration SOON = Duration.ofMillis(20);

    private final InMemoryRows rows;
    private final RemoteCalls calls;
    private final Flaw flaw;

    /** @param rows what the server has */
    RemoteRows(InMemoryRows rows, RemoteCalls calls) {
        this.rows = rows;
        this.calls = calls;
        this.flaw = calls.flaw();
    }

    @Override
    public String name() {
        return RemoteCalls.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return calls.once(false, REQUEST, bytes -> rows.read(id, projection).map(RemoteRows::answerOf))
                .filter(reply -> reply.value() != null)
                .map(reply -> rowOf(reply.value(Row.class), reply.bytes()))
                .onErrorResume(
                        error -> flaw == Flaw.ROW_IN_PART_IS_ABSENT && error.getCause() instanceof CutException,
                        error -> Mono.empty());
    }

    private static Answer answerOf(Row row) {
        ByteBuffer payload = row.payload();
        return payload == null ? Answer.of(row) : Answer.of(row, bytesOf(payload));
    }

    private static Row rowOf(Row row, byte[] bytes) {
        return row.payload() == null ? row : new Row(row.head(), ByteBuffer.wrap(bytes));
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    private static InlineObject received(InlineObject object, byte[] bytes) {
        return new InlineObject(object.metadata(), object.deadline(), ByteBuffer.wrap(bytes));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return blind(
                Flaw.LOST_PUT_IS_NO_PUT, calls.once(true, bytesOf(object.payload()), bytes -> rows.putUnlessTombstone(
                                id, writeId, received(object, bytes))
                        .map(Answer::of)));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return blind(Flaw.LOST_DELETE_IS_NO_DELETE, calls.once(true, REQUEST, bytes -> rows.deleteUnlessTombstone(
                        id, writeId)
                .map(Answer::of)));
    }

    /** Never repeated: a second application could undo a newer write (HV-1.4). */
    private Mono<BlindOutcome> blind(Flaw hidden, Mono<Reply> request) {
        Mono<Reply> write = request;
        if (flaw == Flaw.BLIND_IS_REPEATED) {
            write = calls.repeated(request);
        } else if (flaw == Flaw.BLIND_IS_SENT_LATER) {
            write = request.doOnError(
                    error -> request.retryWhen(Retry.fixedDelay(20, SOON)).subscribe(reply -> {}, given -> {}));
        } else if (flaw == hidden) {
            write = request.onErrorMap(error -> RemoteCalls.unavailable("Lost", error));
        }
        return write.map(reply -> reply.value(BlindOutcome.class));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        byte[] request =
                write.fold(inline -> bytesOf(inline.object().payload()), tombstone -> REQUEST, marker -> REQUEST);
        Mono<CasOutcome> attempt = calls.once(
                        true, request, bytes -> rows.compareAndSet(id, expected, received(write, bytes))
                                .map(Answer::of))
                .map(reply -> reply.value(CasOutcome.class));
        return conditional(attempt, refused -> {
            RowHead found = refused.observed();
            return flaw == Flaw.CAS_IS_REBASED && found != null
                    ? rows.compareAndSet(id, found.version(), write)
                    : Mono.just(refused);
        });
    }

    private static RowWrite received(RowWrite write, byte[] bytes) {
        return write.fold(
                inline -> new RowWrite.Inline(inline.writeId(), received(inline.object(), bytes)),
                tombstone -> tombstone,
                marker -> marker);
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        Mono<CasOutcome> attempt = calls.once(
                        true, REQUEST, bytes -> rows.bump(id, expected, change).map(Answer::of))
                .map(reply -> reply.value(CasOutcome.class));
        return conditional(attempt, refused -> {
            RowHead found = refused.observed();
            RowVersion next = expected.version().bumped(change.whenAbsent());
            return flaw == Flaw.BUMP_IS_KNOWN_BY_ITS_VERSION
                            && found != null
                            && found.version().equals(next)
                    ? Mono.just(new CasOutcome.Applied(next))
                    : Mono.just(refused);
        });
    }

    /** What becomes of a refusal after an attempt that was not answered. */
    private interface Settlement {
        Mono<? extends CasOutcome> of(CasOutcome.Refused refused);
    }

    /** The identical request, repeated; what an earlier attempt of it may have done is said (HV-1.4). */
    private Mono<CasOutcome> conditional(Mono<CasOutcome> attempt, Settlement settlement) {
        return Mono.defer(() -> {
            boolean[] ambiguous = {false};
            Mono<CasOutcome> settled = attempt.flatMap(outcome -> ambiguous[0]
                            ? outcome.fold(Mono::just, refused -> settlement
                                    .of(new CasOutcome.Refused(refused.observed(), flaw != Flaw.AMBIGUITY_IS_HIDDEN))
                                    .cast(CasOutcome.class))
                            : Mono.just(outcome))
                    .doOnError(error -> ambiguous[0] |= isUnknown(error));
            return calls.repeated(settled)
                    .onErrorMap(error -> ambiguous[0] && !isUnknown(error) && error instanceof TerraceException
                            ? RemoteCalls.unknown("No answer", error)
                            : error);
        });
    }

    private static boolean isUnknown(Throwable error) {
        return error instanceof TerraceException known && known.determinacy() == Determinacy.UNKNOWN;
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        return page(prefix, after).flatMapMany(page -> Flux.fromIterable(page).concatWith(Flux.defer(() -> {
            if (page.size() < PAGE) {
                return Flux.empty();
            }
            return scan(prefix, page.get(PAGE - 1).id().storagePath());
        })));
    }

    @SuppressWarnings("unchecked") // it is what the server has made
    private Mono<List<ListedRow>> page(String prefix, String after) {
        return calls.once(false, REQUEST, bytes -> rows.scan(prefix, after)
                        .take(PAGE)
                        .collectList()
                        .map(page -> Answer.of(page, new byte[1 + page.size() * BYTES_PER_ROW])))
                .map(reply -> (List<ListedRow>) reply.value(List.class))
                .onErrorResume(
                        error -> flaw == Flaw.LISTING_THAT_BREAKS_ENDS && error.getCause() instanceof CutException,
                        error -> Mono.empty());
    }

    @Override
    public Mono<Health> check() {
        return calls.once(false, REQUEST, bytes -> rows.check().map(Answer::of))
                .map(reply -> reply.value(Health.class));
    }

    @Override
    public Mono<Void> closeLater() {
        return calls.closeLater();
    }
}
