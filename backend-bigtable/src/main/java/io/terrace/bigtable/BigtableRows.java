// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigtable.data.v2.BigtableDataClient;
import com.google.cloud.bigtable.data.v2.models.Filters;
import com.google.cloud.bigtable.data.v2.models.Mutation;
import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.terrace.ConfigurationException;
import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.TerraceException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Retries;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows in a table of Google Cloud Bigtable. Any number of instances and processes may use one table. Each write is one
 * CheckAndMutateRow; the store itself drops old markers and expired inline rows. Signals come on threads of gRPC.
 */
public final class BigtableRows implements HighVolumeBackend, MultiRowReads, RowListing {

    /** The keys of one request may take 500 KB. */
    private static final int MAX_ROWS = 100;

    private final String where;
    private final Calls calls;
    private final Predicates predicates;
    private final Reads reads;
    private final Writes writes;
    private final BlindWrites blind;
    private final VersionedWrites versioned;
    private final Mono<Void> release;

    private BigtableRows(Builder from, BigtableDataClient client) {
        this.where = from.describe();
        this.calls = new Calls(client, requireNonNull(from.table), from.callTimeout);
        this.predicates = new Predicates(from.legacy);
        this.reads = new Reads(calls, predicates, from.runtime);
        this.writes = new Writes(from.runtime, from.markerRetention, from.maxPayloadBytes);
        this.blind = new BlindWrites(calls, predicates, reads);
        Settling settling = new Settling(new Retries(from.runtime));
        this.versioned = new VersionedWrites(calls, predicates, reads, writes, settling, from.runtime);
        this.release = from.client == null ? Connection.close(client).cache() : Mono.empty();
    }

    public static Builder builder(TerraceRuntime runtime) {
        return new Builder(runtime);
    }

    @Override
    public String name() {
        return BigtableErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.SHARED, Capability.COLLECTS_MARKERS);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        requireNonNull(id, "id");
        return reads.row(id, requireNonNull(projection, "projection"));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        requireNonNull(id, "id");
        requireNonNull(writeId, "writeId");
        requireNonNull(object, "object");
        return Mono.defer(() -> blind.write("put", id, writes.inline(writeId, object)));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        requireNonNull(id, "id");
        requireNonNull(writeId, "writeId");
        return Mono.defer(() -> blind.write("delete", id, writes.marker(writeId)));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        requireNonNull(id, "id");
        requireNonNull(expected, "expected");
        requireNonNull(write, "write");
        return Mono.defer(() -> versioned.compareAndSet(id, expected, write));
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        requireNonNull(id, "id");
        requireNonNull(expected, "expected");
        requireNonNull(change, "change");
        return Mono.defer(() -> versioned.bump(id, expected, change));
    }

    @Override
    public int maxRows() {
        return MAX_ROWS;
    }

    @Override
    public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
        requireNonNull(projection, "projection");
        return ids.size() > MAX_ROWS
                ? Flux.error(new IllegalArgumentException(
                        "There are " + ids.size() + " ids, but one call takes at most " + MAX_ROWS + "."))
                : reads.rows(ids, projection);
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        return reads.list(requireNonNull(prefix, "prefix"), requireNonNull(after, "after"));
    }

    @Override
    public Mono<Health> check() {
        return calls.row(Cells.RESERVED_KEY, predicates.any())
                .then(Mono.fromSupplier(() -> Health.up("a row of " + where + " can be read")))
                .onErrorResume(error ->
                        Mono.just(Health.down(String.valueOf(BigtableErrors.ofRead("to read a row of " + where, error)
                                .getMessage()))));
    }

    /** Of rows that were made with a client of the application, the client stays open. */
    @Override
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            calls.close();
            return release;
        });
    }

    /** Writes a row and removes it in one step, so that whatever a write needs is there or is missed now. */
    private Mono<Boolean> probe() {
        Mutation nothing = Mutation.create()
                .setCell(Cells.EXPIRING, Cells.HEAD, 0, ByteString.EMPTY)
                .setCell(Cells.LASTING, Cells.HEAD, 0, ByteString.EMPTY)
                .deleteRow();
        return calls.mutateUnless(Cells.RESERVED_KEY, Filters.FILTERS.block(), nothing);
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private final TerraceRuntime runtime;
        private final List<ClientInterceptor> interceptors = new ArrayList<>();

        @Nullable
        String project;

        @Nullable
        String instance;

        @Nullable
        String table;

        String appProfile = BigtableOptions.DEFAULT_PROFILE;
        BigtableOptions.@Nullable Endpoint endpoint;
        int channels = BigtableOptions.DEFAULT_CHANNELS;
        Duration callTimeout = BigtableOptions.DEFAULT_TIMEOUT;
        boolean clientMetrics;
        private Duration markerRetention = BigtableOptions.DEFAULT_RETENTION;
        private long maxPayloadBytes = BigtableOptions.DEFAULT_PAYLOAD_BYTES;
        private boolean legacy = true;
        private @Nullable BigtableDataClient client;

        private Builder(TerraceRuntime runtime) {
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** The project of the instance. */
        public Builder project(String project) {
            this.project = requireNonNull(project, "project");
            return this;
        }

        /** The instance of the table. */
        public Builder instance(String instance) {
            this.instance = requireNonNull(instance, "instance");
            return this;
        }

        /** The table, which must exist. */
        public Builder table(String table) {
            this.table = requireNonNull(table, "table");
            return this;
        }

        /** The application profile: single-cluster routing, single-row transactions allowed; {@code default} by default. */
        public Builder appProfile(String appProfile) {
            this.appProfile = requireNonNull(appProfile, "appProfile");
            return this;
        }

        /** Where an emulator listens, instead of Google; without encryption and credentials. */
        public Builder endpoint(String host, int port) {
            this.endpoint = new BigtableOptions.Endpoint(requireNonNull(host, "host"), port);
            return this;
        }

        /** How many connections there are; 4 by default. */
        public Builder channels(int channels) {
            if (channels < 1) {
                throw new IllegalArgumentException("channels must be at least 1, but is " + channels + ".");
            }
            this.channels = channels;
            return this;
        }

        /** How long one request may take, or the wait for the next row of a listing; 10 seconds by default. */
        public Builder callTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("callTimeout must be positive, but is " + timeout + ".");
            }
            this.callTimeout = timeout;
            return this;
        }

        /**
         * How long a marker is kept after its last write; 25 hours by default. Counted in milliseconds. Must be longer than any
         * operation of the engine.
         */
        public Builder markerRetention(Duration retention) {
            if (retention.isNegative()) {
                throw new IllegalArgumentException("markerRetention must not be negative, but is " + retention + ".");
            }
            this.markerRetention = retention;
            return this;
        }

        /** The largest payload of a row; 8 MiB by default, 100 MB at most. */
        public Builder maxPayloadBytes(long bytes) {
            if (bytes < 1 || bytes > BigtableOptions.MAX_PAYLOAD_BYTES) {
                throw new IllegalArgumentException("maxPayloadBytes must be 1 to " + BigtableOptions.MAX_PAYLOAD_BYTES
                        + ", but is " + bytes + ".");
            }
            this.maxPayloadBytes = bytes;
            return this;
        }

        /** Whether rows that Sentry's objectstore wrote are looked at; they are by default. */
        public Builder legacy(boolean legacy) {
            this.legacy = legacy;
            return this;
        }

        /** Whether Google's client sends its metrics to Cloud Monitoring; it does not by default. */
        public Builder clientMetrics(boolean clientMetrics) {
            this.clientMetrics = clientMetrics;
            return this;
        }

        /**
         * A client of the application, for its instance and application profile; it is not closed with the rows. Deadlines are
         * set, and repetitions switched off, for each call.
         */
        public Builder client(BigtableDataClient client) {
            this.client = requireNonNull(client, "client");
            return this;
        }

        /** For tests that look at the requests. */
        Builder interceptor(ClientInterceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /**
         * Opens the rows. Blocks until the table has answered; not for an event loop.
         *
         * @throws ConfigurationException if a setting is missing, or table, families or application profile are not as they
         *     must be
         * @throws io.terrace.TransientException if the store cannot be reached
         */
        public BigtableRows build() {
            if (table == null || (client == null && (project == null || instance == null))) {
                throw new ConfigurationException(
                        "Rows on Bigtable need a project, an instance and a table: " + describe() + ".");
            }
            BigtableRows rows = new BigtableRows(this, client == null ? Connection.open(this, interceptors) : client);
            try {
                Connection.await(rows.probe(), this);
            } catch (TerraceException unusable) {
                rows.closeLater().subscribe();
                throw unusable;
            }
            return rows;
        }

        String describe() {
            return "projects/" + project + "/instances/" + instance + "/tables/" + table + " (application profile "
                    + appProfile + (endpoint == null ? "" : ", at " + endpoint) + ")";
        }
    }
}
