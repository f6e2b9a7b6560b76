// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import reactor.core.publisher.Mono;

/**
 * Versioned rows: the fast key-value tier, and the only place that decides what an object is.
 *
 * <p>A row is INLINE (metadata and payload), TOMBSTONE (metadata and a target blob) or MARKER (no value, remembered). No
 * row is ABSENT. All operations on one row are atomic and linearizable; nothing is asked of operations on several rows.
 *
 * <p><b>To write a backend</b>
 * <ol>
 *   <li>Implement this interface. {@link RowFrame} encodes a row for any store that keeps bytes.
 *   <li>Map the store's errors in one class, each to a {@link io.terrace.TerraceException} with an honest
 *       {@linkplain io.terrace.Determinacy determinacy}.
 *   <li>Implement {@link BackendProvider} and name it in
 *       {@code META-INF/services/io.terrace.spi.BackendProvider}.
 *   <li>Extend {@code io.terrace.testkit.HighVolumeConformanceTest}. Its tests carry the numbers of the rules below.
 * </ol>
 *
 * <p><b>Rules</b> that hold for every method
 * <ul>
 *   <li>HV-1.1 A row that was written is seen by every read that begins after the write was answered.
 *   <li>HV-1.2 An expired or dead row is returned and compared like any other; expiry is the engine's business.
 *   <li>HV-1.3 A row is never removed by an operation. Only collection may remove a MARKER, or an INLINE row past its
 *       deadline, and neither earlier than the marker retention after its last write. A TOMBSTONE is never removed.
 *   <li>HV-1.4 An answer that was lost is an error whose determinacy is UNKNOWN. A backend may repeat an identical
 *       conditional request and may start over after a definite refusal. After an ambiguous attempt it must not start
 *       over from a new read. The determinacy is that of the call: when a repetition fails definitely, the attempt before
 *       it may still have been applied, so the error is UNKNOWN.
 *   <li>HV-1.5 On cancel the operation may or may not take effect, at most once, perhaps later. Nothing else remains.
 *   <li>HV-1.6 One call buffers at most one row.
 * </ul>
 */
public interface HighVolumeBackend extends Backend {

    /**
     * Reads a row. (HV-2)
     *
     * <p>Absent: completes empty. Exists: the row, expired and dead ones included, of one single write: metadata and
     * payload are never mixed. Atomic: yes. Idempotent: yes. On cancel: nothing remains. On error: nothing remains.
     * Demand: one row. Threads: any; the signal may come on a thread of the store's client. Signals:
     * {@link io.terrace.TransientException}, {@link io.terrace.IntegrityException} for a row that cannot be decoded.
     */
    Mono<Row> read(ObjectId id, RowProjection projection);

    /**
     * Writes an INLINE row at {@code (writeId, 0)}, unless the row is a TOMBSTONE. (HV-3)
     *
     * <p>Absent: written. Exists: INLINE and MARKER are replaced, at whatever version; a TOMBSTONE, live, expired or dead,
     * is left and returned. Atomic and visible when answered. Idempotent: no, and it is never repeated after an
     * ambiguous attempt by any layer: a late second application would undo an acknowledged newer write. On cancel: as
     * HV-1.5. On error: NOT_APPLIED, nothing remains; UNKNOWN, it may have happened or may still happen. Demand: the
     * payload is in memory already. Threads: any. Signals: {@link io.terrace.TransientException},
     * {@link io.terrace.OutcomeUnknownException}, {@link io.terrace.TooLargeException} before anything is sent.
     */
    Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object);

    /**
     * Turns an INLINE row into a MARKER at {@code (writeId, 0)}, unless the row is a TOMBSTONE. (HV-4)
     *
     * <p>Absent and MARKER: left as they are, or a MARKER at {@code (writeId, 0)} is written, as suits the store. Exists: a
     * TOMBSTONE is left and returned. Everything else as {@link #putUnlessTombstone}.
     */
    Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId);

    /**
     * Writes a value if the row is at exactly the expected version. (HV-5)
     *
     * <p>Absent: matches {@link RowVersion#ABSENT} only. Exists: matches its own version only, neither another bump nor
     * another write id. Atomic and visible when answered. Idempotent: the identical call may be repeated by the backend,
     * which then MUST say so in {@link CasOutcome.Refused#ambiguousAttempt()}; {@code Applied} may also mean that an
     * earlier attempt of this call is found in the row. On cancel: as HV-1.5. On error: as HV-1.4. Demand: the payload is
     * in memory already. Threads: any. Signals: {@link io.terrace.TransientException},
     * {@link io.terrace.OutcomeUnknownException}, {@link io.terrace.TooLargeException}.
     */
    Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write);

    /**
     * Advances the version of a row that is still exactly as it was read, without changing its value. (HV-6)
     *
     * <p>Absent: with {@link RowHead#ABSENT} expected, a {@link RowChange.Kind#FENCE} writes a MARKER at
     * {@code (none, whenAbsent)}. Exists: {@code (w, n)} becomes {@code (w, n + 1)}, and what {@link RowChange} names is
     * changed; the payload is not moved where the store keeps it apart. Atomic and visible when answered. Everything else
     * as {@link #compareAndSet}, except that {@code Applied} after an ambiguous attempt requires that the whole head is
     * ours: two actors that bump one version aim at the same next one.
     *
     * @param expected the head as this backend returned it, or as {@link RowChange#applyTo} makes it of one that it
     *     returned, {@linkplain RowHead#withVersion at the version} that the bump answered; only its version is compared. It
     *     is the head and not the version alone because a store that rewrites the head needs the rest of it, and reading it
     *     again would cost a second request. A version without its token is accepted too, for a request more
     */
    Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change);
}
