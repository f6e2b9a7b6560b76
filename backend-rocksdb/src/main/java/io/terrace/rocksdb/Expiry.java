// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.ObjectId;
import io.terrace.spi.RowVersion;

/**
 * A row that may be collected, if it is still at this version.
 *
 * @param id the object
 * @param version the version
 */
record Expiry(ObjectId id, RowVersion version) {}
