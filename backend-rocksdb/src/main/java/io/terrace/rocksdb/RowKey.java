// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.ObjectId;

/** Whose row it is, and under which key: made once for a call, by the caller. */
final class RowKey {

    final ObjectId id;
    final String path;
    /** Not changed by anybody. */
    final byte[] bytes;

    RowKey(ObjectId id) {
        this.id = id;
        this.path = id.storagePath();
        this.bytes = Keys.utf8(path);
    }

    /** What a person reads in an error. */
    @Override
    public String toString() {
        return id.toString();
    }
}
