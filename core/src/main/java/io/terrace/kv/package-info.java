// SPDX-License-Identifier: Apache-2.0
/**
 * Leased key-value buckets over the rows of any high-volume tier: how processes know about each other.
 *
 * <p>{@link io.terrace.kv.KeyValueStore#builder} is the way in. Behind it, one class per idea:
 *
 * <pre>
 *   names    BucketCatalog -> BucketRow          the TTL of a bucket, stored with it
 *   write    OpenBucket -> BucketRows            compare-and-set on exactly one version; Attempt
 *   alive    KeepAlive -> Leases                 the owner bumps, and publishes again what was reaped
 *   expired  Observer -> Expiry -> BucketRows    whoever looks on, by its own monotonic clock
 *   watch    Observer -> Watcher                 snapshots, compared with what one subscriber was told
 * </pre>
 *
 * <p>The revision of an entry is the write id of its row, which changes if and only if the value does. A sign of life is a
 * bump, which changes the version and never the value. So an entry is removed by a compare-and-set on a version that was not
 * bumped for as long as the TTL, and the store itself refuses that if there was a sign of life in between.
 */
@NullMarked
package io.terrace.kv;

import org.jspecify.annotations.NullMarked;
