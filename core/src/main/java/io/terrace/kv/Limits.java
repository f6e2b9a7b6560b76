// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import java.time.Duration;

/**
 * What a store holds and how often it looks.
 *
 * @param pollInterval the longest time between two looks at a bucket
 * @param maxEntries entries of one bucket
 * @param maxValueBytes bytes of one value
 */
record Limits(Duration pollInterval, int maxEntries, int maxValueBytes) {

    /** Requests of one kind that are under way at a time, for each bucket. */
    static final int CONCURRENCY = 8;

    /** How often a write is tried that meets a sign of life of the value it is about. */
    static final int ATTEMPTS = 8;

    /** Buckets of one store; each costs a look per poll interval. */
    static final int BUCKETS = 1_000;
}
