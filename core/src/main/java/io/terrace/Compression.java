// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/** How the stored bytes are compressed. The store never compresses or decompresses; it only remembers. */
public enum Compression {
    ZSTD("zstd");

    private final String text;

    Compression(String text) {
        this.text = text;
    }

    /** Reads the form of {@link #toString()}. */
    public static Compression parse(String text) {
        if (text.equals(ZSTD.text)) {
            return ZSTD;
        }
        throw new InvalidMetadataException(
                "compression " + Texts.quote(text) + " is not known; use zstd, or send the bytes without an encoding");
    }

    /** The name of the content coding, as in a {@code Content-Encoding} header. */
    @Override
    public String toString() {
        return text;
    }
}
