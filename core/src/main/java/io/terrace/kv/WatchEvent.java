// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What a {@linkplain Bucket#watch() watch} tells. */
public sealed interface WatchEvent {

    /** Applies the one function that is for this event, and returns what it returns. */
    <T> T fold(Function<Resync, T> resync, Function<Put, T> put, Function<Delete, T> delete);

    /**
     * All that there is. It takes the place of everything that was told before.
     *
     * @param entries in the order of their keys; may be empty
     */
    record Resync(List<Entry> entries) implements WatchEvent {
        public Resync {
            entries = List.copyOf(entries);
        }

        @Override
        public <T> T fold(Function<Resync, T> resync, Function<Put, T> put, Function<Delete, T> delete) {
            return resync.apply(this);
        }
    }

    /**
     * A key has a value that was not told before.
     *
     * @param entry the value
     */
    record Put(Entry entry) implements WatchEvent {
        public Put {
            Objects.requireNonNull(entry, "entry");
        }

        @Override
        public <T> T fold(Function<Resync, T> resync, Function<Put, T> put, Function<Delete, T> delete) {
            return put.apply(this);
        }
    }

    /**
     * A key that was told of has no value any more: it was deleted, or its owner is gone.
     *
     * @param key the key
     */
    record Delete(String key) implements WatchEvent {
        public Delete {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public <T> T fold(Function<Resync, T> resync, Function<Put, T> put, Function<Delete, T> delete) {
            return delete.apply(this);
        }
    }
}
