// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.io.EOFException;
import java.io.IOException;

/** A connection broke within a frame. */
final class CutException extends IOException {

    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    CutException(byte[] bytes, IOException cause) {
        super("cut after " + bytes.length + " bytes of a frame", cause);
        this.bytes = bytes;
    }

    /** Whether the other side closed it, in order. */
    boolean isEnd() {
        return getCause() instanceof EOFException;
    }

    /** What came before. */
    byte[] bytes() {
        return bytes;
    }
}
