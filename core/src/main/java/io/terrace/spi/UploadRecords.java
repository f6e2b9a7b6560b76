// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The uploads in parts that a {@link ChangeLog} remembers. A record is changed only by {@link #replace}, on condition that it
 * is exactly what the caller knows.
 *
 * <p><b>One key space.</b> Records and {@linkplain ChangeEntry entries} lie under the UUIDs of their blobs, and an id has one
 * or the other. To the calls for entries a record is not there, and the other way round; but it occupies its id, so
 * {@link #begin} answers false where an entry lies, and {@link ChangeLog#append} and {@link ChangeLog#defer} fail with
 * {@link IllegalArgumentException}, and change nothing, where a record lies. (CL-15)
 *
 * <p>The rules for every method of {@link ChangeLog} hold here too: durable, linearizable, and free to be repeated by any
 * layer. Threads: any. Signals: {@link io.terrace.TransientException}, {@link io.terrace.OutcomeUnknownException}.
 */
public interface UploadRecords {

    /**
     * Adds a record; durable before it is answered. (CL-11)
     *
     * <p>Absent: added, true. Exists: left as it is; true if it equals this one, so a repetition is answered like the first
     * call; false if not, or if an entry lies there. Atomic: yes. On cancel, and on an error that is UNKNOWN: may or may not
     * take effect, perhaps later.
     *
     * @param record OPEN; another state fails with {@link IllegalArgumentException}
     */
    Mono<Boolean> begin(UploadRecord record);

    /** Reads a record, in whatever state. Absent: completes empty. (CL-12) */
    Mono<UploadRecord> get(EntryId id);

    /**
     * Puts a record in the place of another, if that is there exactly; durable before it is answered. (CL-13)
     *
     * <p>Exists and equals {@code expected}: replaced, true. Exists and equals {@code next}: left, true: a repetition is
     * answered like the first call. Otherwise, absent included: left as it is, false. Atomic: yes; of several callers at
     * once who expect the same and bring different ones, one gets true. On cancel, and on an error that is UNKNOWN: may or may
     * not take effect, perhaps later; the {@link UploadRecord#revision} sees to it that it does so at most once.
     *
     * @param next made of {@code expected} by one transition: the same session and the next revision; anything else fails
     *     with {@link IllegalArgumentException}
     */
    Mono<Boolean> replace(UploadRecord expected, UploadRecord next);

    /**
     * Removes a record, in whatever state. Absent: success. Need not be durable when answered, but is never undone except by
     * the death of the process. (CL-12)
     */
    Mono<Void> remove(EntryId id);

    /**
     * The records of a scope that started before a time, in every state, each at most once, oldest first as far as the log
     * knows. One that exists during the whole scan is returned, in some version that it had meanwhile; one that comes or goes
     * may or may not be. Read by demand, in pages: the number of records has no bound. (CL-14)
     *
     * @param startedBeforeMicros compared with {@link UploadRecord#startedMicros}; {@link Long#MAX_VALUE} for all
     */
    Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros);
}
