// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.util.Locale;

/** Whether what is written is also forced to the disk. */
public enum Fsync {
    /** What was acknowledged survives a power failure. */
    ALWAYS,
    /**
     * What was acknowledged survives the death of the process, but a power failure or a crash of the operating system may
     * lose or mix anything. For tests and measurements only.
     */
    NEVER;

    static Fsync parse(String text) {
        try {
            return valueOf(text.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("expected 'always', or 'never' for tests and measurements", unknown);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
