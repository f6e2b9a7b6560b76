// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Set;

/**
 * A part that a backend can play in a store.
 *
 * @param type the interface of the role
 * @param label what a person calls it
 */
public record BackendRole<B extends Backend>(Class<B> type, String label) {

    public static final BackendRole<HighVolumeBackend> HIGH_VOLUME =
            new BackendRole<>(HighVolumeBackend.class, "high-volume");
    public static final BackendRole<LongTermBackend> LONG_TERM = new BackendRole<>(LongTermBackend.class, "long-term");
    public static final BackendRole<ChangeLog> CHANGE_LOG = new BackendRole<>(ChangeLog.class, "change-log");

    /** Every role there is. */
    public static Set<BackendRole<?>> all() {
        return Set.of(HIGH_VOLUME, LONG_TERM, CHANGE_LOG);
    }

    @Override
    public String toString() {
        return label;
    }
}
