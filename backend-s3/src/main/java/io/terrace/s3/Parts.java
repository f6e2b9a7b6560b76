// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import reactor.core.publisher.Mono;

/** A body cut into parts, one after the other as they are asked for. */
interface Parts {

    /** The next part; the first may be empty, later ones never are. Not before the one before it has come. */
    Mono<Part> next();

    /** The part has been sent, or never will be. */
    void release(Part part);

    /** Whether the last part has come. */
    boolean isOver();

    /** The CRC32C of all parts that have come. */
    int crc32c();

    /** Lets go of the body and of all parts. Idempotent. */
    void close();
}
