// SPDX-License-Identifier: Apache-2.0
/**
 * Rows in an embedded RocksDB, for one process. {@link io.terrace.rocksdb.RocksDbRows} opens them in code,
 * {@link io.terrace.rocksdb.RocksDbProvider} by name.
 */
@NullMarked
package io.terrace.rocksdb;

import org.jspecify.annotations.NullMarked;
