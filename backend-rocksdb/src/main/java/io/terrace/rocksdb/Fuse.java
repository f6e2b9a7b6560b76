// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Blows when RocksDB did not confirm a write, and stays so: what is in its log then shows only when the store is opened
 * again. Reads go on.
 */
final class Fuse {

    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** @throws io.terrace.BackendUnavailableException if it has blown; nothing was written */
    void check() {
        String why = reason.get();
        if (why != null) {
            throw RocksDbErrors.readOnly(why);
        }
    }

    void blow(Throwable failure) {
        reason.compareAndSet(null, RocksDbErrors.describe(failure));
    }

    /** Why it has blown, or {@code null}. */
    @Nullable
    String reason() {
        return reason.get();
    }
}
