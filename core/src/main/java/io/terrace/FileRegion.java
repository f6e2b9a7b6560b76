// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * Bytes that lie in a file, for a receiver that can send them without copying ({@code sendfile}).
 *
 * <p>The channel stays open until the content it came from is discarded. The receiver reads it positionally and must not
 * close it.
 *
 * @param channel the open file
 * @param position where the bytes begin
 * @param length how many there are
 */
public record FileRegion(FileChannel channel, long position, long length) {

    public FileRegion {
        Objects.requireNonNull(channel, "channel");
        if (position < 0 || length < 0) {
            throw new IllegalArgumentException("position and length must not be negative: " + position + ", " + length);
        }
    }
}
