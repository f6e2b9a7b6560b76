// SPDX-License-Identifier: Apache-2.0
/**
 * What a storage system implements to become a tier of Terrace.
 *
 * <p>Three interfaces, one per role: {@link io.terrace.spi.HighVolumeBackend} (versioned rows),
 * {@link io.terrace.spi.LongTermBackend} (immutable blobs) and {@link io.terrace.spi.ChangeLog} (what is in flight).
 * Everything beyond them is a facet, looked up with {@link io.terrace.spi.Backend#facet}. A
 * {@link io.terrace.spi.BackendProvider} makes a backend discoverable by name.
 */
@NullMarked
package io.terrace.spi;

import org.jspecify.annotations.NullMarked;
