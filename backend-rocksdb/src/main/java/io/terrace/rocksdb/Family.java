// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.nio.charset.StandardCharsets;

/** The column families. Their names are part of the format. */
enum Family {
    /** RocksDB insists on it. Nothing is in it. */
    DEFAULT("default"),
    /** Storage path to frame of the row. */
    HEADS("h"),
    /** Storage path to write id and payload. */
    PAYLOADS("p"),
    /** Time of collection and storage path to the version that may be collected then. */
    EXPIRIES("x");

    private final String id;

    Family(String id) {
        this.id = id;
    }

    byte[] id() {
        return id.getBytes(StandardCharsets.US_ASCII);
    }
}
