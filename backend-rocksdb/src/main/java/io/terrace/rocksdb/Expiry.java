// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.RowVersion;

/**
 * A row that may be collected, if it is still at this version.
 *
 * @param key whose row
 * @param version the version
 */
record Expiry(RowKey key, RowVersion version) {}
