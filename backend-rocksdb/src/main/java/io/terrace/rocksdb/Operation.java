// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import org.rocksdb.RocksDBException;

/** What a call wants of the rows. */
interface Operation<T> {

    /**
     * On the committer's thread: looks, notes its changes, if any, in the batch, and returns the answer.
     *
     * @throws RuntimeException if it cannot be done, before anything was noted
     * @throws RocksDBException if a change could not be noted: then the whole batch is in doubt
     */
    T decide(Batch batch) throws RocksDBException;
}
