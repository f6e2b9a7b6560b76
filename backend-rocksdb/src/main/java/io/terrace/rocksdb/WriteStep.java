// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import org.rocksdb.RocksDBException;

/** The one write of a batch, which a test may let fail, before or after it happened. */
interface WriteStep {

    WriteStep DIRECT = Write::now;

    void run(Write write) throws RocksDBException;

    /** What writes. */
    interface Write {
        void now() throws RocksDBException;
    }
}
