// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Where stored bytes come from. */
interface RowSource {

    /** The value, or {@code null} if there is none. */
    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException;
}
