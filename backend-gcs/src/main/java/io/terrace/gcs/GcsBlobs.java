// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static java.util.Objects.requireNonNull;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.ConfigurationException;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.gcs.GcsErrors.Kind;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.OnDemand;
import io.terrace.spi.Retries;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Blobs as objects of a bucket, one each, named by the prefix and the blob's storage path.
 *
 * <p>All calls of one instance share its threads; each of them waits for one request. A put holds one chunk of its body, and
 * while it sends the last one, that chunk twice. Signals come on these threads, and after a timeout on those of the runtime's
 * timers.
 */
public final class GcsBlobs implements LongTermBackend, BlobListing {

    /** How often a blob may vanish between the two requests of a get before that is no coincidence. */
    private static final int OPENINGS = 3;

    private final Bucket bucket;
    private final GcsThreads threads;
    private final Retries retries;
    private final int chunkSize;
    private final GcsUploads uploads;
    private final Set<OpenBlob> open = ConcurrentHashMap.newKeySet();

    private GcsBlobs(Builder builder, Connections connections, Storage client) {
        this.bucket = new Bucket(client, builder.bucket, new ObjectNames(builder.prefix));
        this.threads =
                new GcsThreads(builder.runtime, builder.threads, builder.queue, builder.callTimeout, connections);
        this.retries = new Retries(builder.runtime);
        this.chunkSize = builder.chunkSize;
        XmlUploads parts = new XmlUploads((HttpStorageOptions) client.getOptions(), builder.bucket, bucket.names());
        this.uploads = new GcsUploads(bucket, parts, threads, retries, builder.maxPartSize);
    }

    /** Begins with the defaults; the bucket must be given. */
    public static Builder builder(TerraceRuntime runtime) {
        return new Builder(runtime);
    }

    @Override
    public String name() {
        return GcsErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.SHARED);
    }

    /** Has {@link io.terrace.spi.MultipartUploads} and the listing of its sessions too. */
    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return LongTermBackend.super
                .facet(type)
                .or(() -> type.isInstance(uploads) ? Optional.of(type.cast(uploads)) : Optional.empty());
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        requireNonNull(body, "body");
        requireNonNull(gate, "gate");
        return Mono.defer(() -> {
            threads.checkOpen();
            bucket.names().of(id);
            return new Upload(bucket, threads, retries, chunkSize, id, metadata).of(body, gate);
        });
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        requireNonNull(id, "id");
        return threads.call(() -> openBlob(id, range), OpenBlob::close, true)
                .onErrorMap(error -> GcsErrors.read("opening the blob " + id, error))
                .cast(BlobContent.class);
    }

    private @Nullable OpenBlob openBlob(BlobId id, @Nullable ByteRange range) throws IOException {
        for (int attempt = 0; attempt < OPENINGS; attempt++) {
            Blob object = bucket.describe(id);
            if (object == null) {
                return null;
            }
            BlobInfo info = Bucket.infoOf(id, object);
            OpenBlob blob = new OpenBlob(this, threads, retries, bucket, object, info, resolve(range, info.size()));
            try {
                blob.open();
                return remember(blob);
            } catch (IOException | RuntimeException e) {
                // Deleted between the two requests: look again (LT-3.13).
                if (GcsErrors.kindOf(e) != Kind.ABSENT) {
                    throw e;
                }
            }
        }
        throw new BackendUnavailableException(
                GcsErrors.BACKEND,
                "The server describes the blob " + id + " and then has no such generation. Repeat it later.",
                Determinacy.NOT_APPLIED);
    }

    private OpenBlob remember(OpenBlob blob) {
        open.add(blob);
        if (threads.isClosed()) {
            blob.close();
        }
        return blob;
    }

    void forget(OpenBlob blob) {
        open.remove(blob);
    }

    private static @Nullable ContentRange resolve(@Nullable ByteRange range, long size) {
        try {
            return range == null ? null : range.resolve(size);
        } catch (RangeNotSatisfiableException e) {
            throw new RangeNotSatisfiableException(GcsErrors.BACKEND, size);
        }
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        requireNonNull(id, "id");
        return threads.call(() -> bucket.describe(id))
                .map(object -> Bucket.infoOf(id, object))
                .onErrorMap(error -> GcsErrors.read("looking at the blob " + id, error));
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        requireNonNull(id, "id");
        return threads.call(() -> bucket.delete(id))
                .onErrorMap(error -> GcsErrors.write("deleting the blob " + id, error))
                .then();
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        requireNonNull(prefix, "prefix");
        return OnDemand.read(() -> new BlobPages(bucket, threads, prefix));
    }

    /** Asks for the name of one object below the prefix. */
    @Override
    public Mono<Health> check() {
        String what = "the bucket " + bucket.name();
        return threads.call(() -> {
                    bucket.list("", 1);
                    return Health.up("listed one name in " + what);
                })
                .onErrorResume(error -> Mono.just(Health.down(String.valueOf(
                        GcsErrors.read("looking into " + what, error).getMessage()))));
    }

    /** Calls under way are answered, which takes the call timeout at most; bodies that are being read end. */
    @Override
    public Mono<Void> closeLater() {
        return threads.closeLater(() -> open.forEach(OpenBlob::close));
    }

    /** Says where the blobs lie. Not thread-safe. */
    public static final class Builder {

        private final TerraceRuntime runtime;
        private String bucket = "";
        private String prefix = "";
        private String project = "";
        private String endpoint = "";
        private @Nullable Path credentialsFile;
        private @Nullable Storage client;
        private int chunkSize = GcsOptions.DEFAULT_CHUNK_BYTES;
        private int maxPartSize = GcsOptions.DEFAULT_PART_BYTES;
        private int threads = GcsOptions.DEFAULT_THREADS;
        private int queue = GcsOptions.DEFAULT_QUEUE;
        private Duration connectTimeout = GcsOptions.DEFAULT_CONNECT_TIMEOUT;
        private Duration readTimeout = GcsOptions.DEFAULT_READ_TIMEOUT;
        private Duration callTimeout = GcsOptions.DEFAULT_CALL_TIMEOUT;

        private Builder(TerraceRuntime runtime) {
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** The bucket, which must exist. */
        public Builder bucket(String name) {
            this.bucket = requireNonNull(name, "name");
            return this;
        }

        /** What the names of all objects begin with, as a directory; empty by default. Other applications keep out of it. */
        public Builder prefix(String directory) {
            this.prefix = requireNonNull(directory, "directory");
            return this;
        }

        /** The project that is billed; by default that of the credentials. */
        public Builder project(String id) {
            this.project = requireNonNull(id, "id");
            return this;
        }

        /** Another server than Google's; over {@code http://} it is spoken to without credentials. */
        public Builder endpoint(String url) {
            this.endpoint = requireNonNull(url, "url");
            return this;
        }

        /** The JSON key of a service account; by default the application's default credentials. */
        public Builder credentialsFile(Path file) {
            this.credentialsFile = requireNonNull(file, "file");
            return this;
        }

        /**
         * A client that is there already, in place of project, endpoint, credentials and the timeouts of connections. A copy of it
         * that repeats nothing by itself is used; it is not closed.
         */
        public Builder client(Storage ready) {
            this.client = requireNonNull(ready, "ready");
            return this;
        }

        /** How many bytes of a body are held and sent at a time: a multiple of 256 KiB, 8 MiB by default. */
        public Builder chunkSize(long bytes) {
            this.chunkSize = Math.toIntExact(checked(
                    GcsOptions.CHUNK_SIZE.name(),
                    bytes > 0 && bytes % GcsOptions.CHUNK_UNIT == 0 && bytes <= GcsOptions.MAX_CHUNK_BYTES,
                    bytes));
            return this;
        }

        /** How many bytes a part of an upload in parts may have, and so how many of it are held: 5 MiB to 1 GiB, 32 MiB by default. */
        public Builder maxPartSize(long bytes) {
            this.maxPartSize =
                    Math.toIntExact(checked(GcsOptions.MAX_PART_SIZE.name(), GcsOptions.canBePart(bytes), bytes));
            return this;
        }

        /** How many requests wait for the server at a time, 32 by default. */
        public Builder threads(int count) {
            this.threads = checked(GcsOptions.THREADS.name(), count > 0, count);
            return this;
        }

        /** How many calls wait for a thread before more are refused, 1024 by default. */
        public Builder queue(int calls) {
            this.queue = checked(GcsOptions.QUEUE.name(), calls > 0, calls);
            return this;
        }

        /** How long a connection may take to be made, 10 s by default. */
        public Builder connectTimeout(Duration span) {
            this.connectTimeout = checked(GcsOptions.CONNECT_TIMEOUT.name(), span.toMillis() > 0, span);
            return this;
        }

        /** How long the server may be silent, 30 s by default. */
        public Builder readTimeout(Duration span) {
            this.readTimeout = checked(GcsOptions.READ_TIMEOUT.name(), span.toMillis() > 0, span);
            return this;
        }

        /** How long one request may take with all its bytes, 2 minutes by default; of a body that is read, one buffer. */
        public Builder callTimeout(Duration span) {
            this.callTimeout = checked(GcsOptions.CALL_TIMEOUT.name(), span.toMillis() > 0, span);
            return this;
        }

        private static <T> T checked(String option, boolean holds, T value) {
            if (!holds) {
                throw new ConfigurationException("The option '" + option + "' of the backend 'gcs' cannot be " + value
                        + ". See its documentation for what it can be.");
            }
            return value;
        }

        /**
         * Reads credentials, from a file or from the environment, and so may block: not for an event loop. Asks nothing of the
         * bucket; {@link GcsBlobs#check} does.
         *
         * @throws ConfigurationException if there is no bucket, or there are no credentials
         */
        public GcsBlobs build() {
            checked(GcsOptions.BUCKET.name(), !bucket.isEmpty(), "empty");
            Storage ready = client;
            Connections connections = new Connections(readTimeout);
            return new GcsBlobs(
                    this,
                    connections,
                    ready != null
                            ? GcsClient.of(ready)
                            : GcsClient.open(
                                    connections, endpoint, project, credentialsFile, connectTimeout, readTimeout));
        }
    }
}
