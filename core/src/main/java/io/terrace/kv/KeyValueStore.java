// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectContext;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.UnsupportedException;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowListing;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Buckets of keys and values on the rows of a high-volume tier, for small things that processes must know of each other: who
 * is there, where, and what it does. Values are replaced under a condition; entries vanish with their owner.
 *
 * <p>All stores over the same rows and use case see the same buckets, in as many processes as the backend allows. It is no
 * lock service: that an entry is there says that its owner was alive a moment ago, not that it still is.
 *
 * <p>Nothing blocks. A bucket stays open from when it was first asked for until the store is closed: meanwhile what is owned
 * is kept alive, and what has expired is removed. Thread-safe.
 */
public final class KeyValueStore {
    private static final String CATALOG = "catalog";
    private static final String BUCKET = "bucket";

    private final HighVolumeBackend rows;
    private final RowListing listing;
    private final TerraceRuntime runtime;
    private final String usecase;
    private final Limits limits;
    private final String owner;
    private final BucketCatalog catalog;
    private final Mono<Void> close = Mono.defer(this::closeAll).cache();

    // Guarded by buckets.
    private final Map<String, OpenBucket> buckets = new HashMap<>();
    private boolean closed;

    private KeyValueStore(Builder from, RowListing listing) {
        this.rows = from.rows;
        this.listing = listing;
        this.runtime = from.runtime;
        this.usecase = from.usecase;
        this.limits = new Limits(from.pollInterval, from.maxEntries, from.maxValueBytes);
        this.owner = runtime.newUuid().toString();
        this.catalog = new BucketCatalog(rowsOf(new Scope(CATALOG, "buckets")));
    }

    /**
     * Begins to make a store.
     *
     * @param rows where everything is kept; stays the caller's, who closes it after the store
     * @param runtime time, timers, ids and randomness
     */
    public static Builder builder(HighVolumeBackend rows, TerraceRuntime runtime) {
        return new Builder(rows, runtime);
    }

    /** Names this store among all: the {@linkplain Entry#owner() owner} of what it writes. Another one each time. */
    public String owner() {
        return owner;
    }

    /**
     * A bucket with these options.
     *
     * <p>Absent: made. Exists: opened, if it has the same options. Atomic: yes; of several that make it at once, one does.
     * Idempotent: yes. On cancel and on error: it may or may not have been made. Signals: {@link ConfigurationException} that
     * names both if it has another time to live, {@link InvalidObjectIdException} for a name that is not 1 to 128 characters of
     * {@code A-Za-z0-9_-()$!+'}, {@link AtCapacityException} for more than 1000 open buckets, those of the backend, and
     * {@link BackendUnavailableException} once the store is closed.
     */
    public Mono<Bucket> getOrCreateBucket(String name, BucketOptions options) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        return ifOpen(name)
                .flatMap(scope -> catalog.findOrCreate(name, options))
                .map(stored -> open(name, stored));
    }

    /** A bucket as it is. Absent: completes empty, and nothing is made. The rest as {@link #getOrCreateBucket}. */
    public Mono<Bucket> getBucket(String name) {
        Objects.requireNonNull(name, "name");
        return ifOpen(name).flatMap(scope -> catalog.find(name)).map(stored -> open(name, stored));
    }

    /**
     * Deletes the entries that this store still owns, and no others, ends its watches, and waits for that; the rows stay open.
     * What cannot be deleted expires. Entries of permanent buckets stay. Idempotent; always ends, without an error. On cancel:
     * it goes on.
     */
    public Mono<Void> closeLater() {
        return close;
    }

    private Mono<Void> closeAll() {
        List<OpenBucket> open;
        synchronized (buckets) {
            closed = true;
            open = new ArrayList<>(buckets.values());
        }
        return Flux.fromIterable(open)
                .flatMap(OpenBucket::close, Limits.CONCURRENCY)
                .then();
    }

    private Bucket open(String name, BucketOptions options) {
        OpenBucket bucket;
        synchronized (buckets) {
            if (closed) {
                throw closed();
            }
            OpenBucket known = buckets.get(name);
            if (known != null) {
                return known;
            }
            if (buckets.size() >= Limits.BUCKETS) {
                throw new AtCapacityException(
                        Limits.BUCKETS + " buckets are open already; use fewer, with more in their keys");
            }
            bucket = new OpenBucket(name, options, rowsOf(scope(name)), limits);
            buckets.put(name, bucket);
        }
        bucket.start();
        return bucket;
    }

    private Mono<Scope> ifOpen(String name) {
        return Mono.fromSupplier(() -> {
            synchronized (buckets) {
                if (closed) {
                    throw closed();
                }
            }
            return scope(name);
        });
    }

    private static Scope scope(String name) {
        try {
            return new Scope(BUCKET, name);
        } catch (InvalidObjectIdException e) {
            throw new InvalidObjectIdException("not a name of a bucket: " + e.getMessage());
        }
    }

    private BucketRows rowsOf(Scope scope) {
        return new BucketRows(rows, listing, runtime, ObjectContext.of(usecase, Scopes.of(List.of(scope))), owner);
    }

    static BackendUnavailableException closed() {
        return new BackendUnavailableException(
                "", "The key-value store is closed. Open a new one; nothing was done.", Determinacy.NOT_APPLIED);
    }

    /** Collects the settings; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
        private final HighVolumeBackend rows;
        private final TerraceRuntime runtime;
        private String usecase = "terrace.kv";
        private Duration pollInterval = Duration.ofSeconds(1);
        private int maxEntries = 10_000;
        private int maxValueBytes = 64 * 1024;

        private Builder(HighVolumeBackend rows, TerraceRuntime runtime) {
            this.rows = Objects.requireNonNull(rows, "rows");
            this.runtime = Objects.requireNonNull(runtime, "runtime");
        }

        /** The use case of all rows of all buckets, which nothing else may write to; {@code terrace.kv} by default. */
        public Builder usecase(String usecase) {
            this.usecase = usecase;
            return this;
        }

        /**
         * How long after one look at a bucket the next one follows, if nothing happens here; 1 second by default, and never
         * longer than a quarter of the bucket's time to live.
         */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = interval;
            return this;
        }

        /** How many entries of a bucket are listed, watched, or owned; 10,000 by default. */
        public Builder maxEntries(int entries) {
            this.maxEntries = entries;
            return this;
        }

        /** How large a value may be, in bytes; 65,536 by default. */
        public Builder maxValueBytes(int bytes) {
            this.maxValueBytes = bytes;
            return this;
        }

        /**
         * Makes the store; nothing is read or written yet.
         *
         * @throws ConfigurationException if a setting is out of range
         * @throws InvalidObjectIdException if the use case is not one
         * @throws UnsupportedException if the backend does not list its rows
         */
        public KeyValueStore build() {
            if (pollInterval.compareTo(Duration.ofMillis(1)) < 0) {
                throw new ConfigurationException("pollInterval is " + pollInterval + "; use at least 1 ms");
            }
            if (maxEntries < 1) {
                throw new ConfigurationException("maxEntries is " + maxEntries + "; use at least 1");
            }
            if (maxValueBytes < 0) {
                throw new ConfigurationException("maxValueBytes is " + maxValueBytes + "; use at least 0");
            }
            RowListing listing = rows.facet(RowListing.class)
                    .orElseThrow(() -> new UnsupportedException(rows.name(), "listing of rows"));
            return new KeyValueStore(this, listing);
        }
    }
}
