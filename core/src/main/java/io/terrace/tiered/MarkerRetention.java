// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultipartUploads;
import java.time.Duration;

/** R13: a marker outlives every compare-and-set that could mistake its absence for "never written". */
final class MarkerRetention {

    private MarkerRetention() {}

    /** @throws ConfigurationException if the rows keep markers for too short a time */
    static Duration of(HighVolumeBackend rows, LongTermBackend blobs, BackendConfig config) {
        Duration retention = rows.facet(MarkerCollection.class)
                .map(MarkerCollection::retention)
                .orElse(Settings.DEFAULT_RETENTION);
        Duration deadline = config.get(StoreOptions.COMMIT_DEADLINE);
        Duration least = deadline.plus(Settings.MARKER_MARGIN);
        if (retention.compareTo(least) < 0) {
            throw new ConfigurationException("The backend '" + rows.name() + "' keeps markers for " + retention
                    + ", but with a commit deadline of " + deadline + " it must keep them for at least " + least
                    + ". Raise the marker retention of the backend, or lower '" + StoreOptions.COMMIT_DEADLINE + "'.");
        }
        Duration window = config.get(StoreOptions.UPLOAD_WINDOW);
        Duration leastForUploads = least.plus(window);
        if (retention.compareTo(leastForUploads) < 0
                && blobs.facet(MultipartUploads.class).isPresent()) {
            throw new ConfigurationException("The backend '" + rows.name() + "' keeps markers for " + retention
                    + ", but with an upload window of " + window + " and a commit deadline of " + deadline
                    + " it must keep them for at least " + leastForUploads
                    + ". Raise the marker retention of the backend, or lower '" + StoreOptions.UPLOAD_WINDOW + "'.");
        }
        return retention;
    }
}
