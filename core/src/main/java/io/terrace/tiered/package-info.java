// SPDX-License-Identifier: Apache-2.0
/**
 * The tiered engine: small objects in rows, large ones in blobs, one consistent store over both.
 *
 * <p>{@link io.terrace.tiered.TieredObjectStore#builder()} is the way in. Behind it, one class per step of the protocol:
 *
 * <pre>
 *   put    PutObject -> InlinePeek -> SmallWrite (R2) | LargeWrite (R3, Recording)
 *                                         \          /
 *                                      CommitLoop (R5) -> Finish
 *   after  Settle (R6.2-5), Release (R9) -> BlobDeletes     off the caller's path
 *   get    ReadObject (R8) -> RowReads (JoinedReads in bulk) -> ResumingBody
 *   later  Recovery -> Resolver (R6.1) -> Settle    BlobSweep (R11)    Inspection
 *   told   Observed (each operation), TieredObjectStoreMetrics (gauges), by the names of Instrument
 * </pre>
 *
 * <p>The rules R1 to R15 are those of {@code docs/spec/protocol.md}; {@link io.terrace.tiered.Rules} names the ones whose
 * removal the simulation must notice.
 */
@NullMarked
package io.terrace.tiered;

import org.jspecify.annotations.NullMarked;
