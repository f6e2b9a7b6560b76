// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The durable record of changes in flight. An entry is written once and changed only by claim, rebase and defer. Uploads in
 * parts, which live longer than a change, have {@linkplain #uploads records} of their own among the entries.
 *
 * <p><b>To write a backend</b> follow the steps of {@link HighVolumeBackend}; the conformance class is
 * {@code io.terrace.testkit.ChangeLogConformanceTest}.
 *
 * <p><b>Rules</b> that hold for every method
 * <ul>
 *   <li>CL-1.1 What was answered is durable: it survives the death of the process if the log is
 *       {@link Capability#DURABLE}.
 *   <li>CL-1.2 All operations are linearizable.
 *   <li>CL-1.3 Every operation but {@link #rebase} may be repeated freely, by any layer; {@code rebase} may be repeated by
 *       its caller, since it sets one value.
 *   <li>CL-1.4 On cancel, and on an error that is UNKNOWN, the operation may or may not take effect, perhaps later.
 *   <li>CL-1.5 Never loses an entry that nobody removed. A log that cannot read one of its entries refuses to open, rather
 *       than forget it.
 * </ul>
 */
public interface ChangeLog extends Backend {

    /**
     * Adds an entry; durable before it is answered. (CL-2)
     *
     * <p>Absent: added. Exists: left as it is, success. Atomic: yes. Idempotent: yes. Demand: one entry. Threads: any.
     * Signals: {@link io.terrace.TransientException}, {@link io.terrace.OutcomeUnknownException},
     * {@link IllegalArgumentException} if an upload's record lies there.
     */
    Mono<Void> append(ChangeEntry entry);

    /** Reads an entry, in whatever state. Absent: completes empty. (CL-3) */
    Mono<ChangeEntry> get(EntryId id);

    /**
     * Removes an entry. Absent: success. Need not be durable when answered, but is never undone except by the death of the
     * process: recovery of a settled entry finds nothing to do. (CL-4)
     */
    Mono<Void> remove(EntryId id);

    /**
     * Takes an entry over: OPEN becomes CLAIMED; CLAIMED and DEFERRED stay. Any number of callers may claim one entry.
     * (CL-5)
     */
    Mono<ClaimOutcome> claim(EntryId id);

    /**
     * Replaces the base of an OPEN entry, atomically with respect to {@link #claim}. False, and nothing changed, if the
     * entry is gone, claimed or deferred. (CL-6)
     */
    Mono<Boolean> rebase(EntryId id, WriteId base);

    /**
     * Keeps an entry only for the blobs that are still to be deleted. Absent: written. Exists: replaced, whatever its state.
     * An upload's record: {@link IllegalArgumentException}, and left as it is. (CL-7)
     *
     * @param oldBlobs not empty
     */
    Mono<Void> defer(EntryId id, List<BlobId> oldBlobs);

    /**
     * The entries of a scope, each at most once, oldest first as far as the log knows. One that exists during the whole
     * scan is returned; one that comes or goes may or may not be. Read by demand, in pages: the number of entries has no
     * bound. (CL-8)
     */
    Flux<ChangeEntry> scan(ScanScope scope);

    /**
     * Which of these blobs an OPEN or CLAIMED entry brings, or an OPEN, COMPLETING or DYING upload; those of all instances,
     * not only of this one. DEFERRED entries do not count: they are about deleting. COMMITTED and DEAD uploads do not
     * either: they are settled. (CL-9, CL-16)
     *
     * @param blobs any number; an implementation pages if it must
     */
    Mono<Set<BlobId>> referenced(Collection<BlobId> blobs);

    /** The pins that are kept with this log. (CL-10) */
    Pins pins();

    /** The uploads in parts that this log remembers, in one key space with the entries. (CL-11 to CL-16) */
    UploadRecords uploads();
}
