// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static java.util.Objects.requireNonNull;

import io.terrace.ByteRange;
import io.terrace.ConfigurationException;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.OnDemand;
import io.terrace.spi.TerraceRuntime;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Blobs as objects of a bucket on S3, or on a store that speaks its protocol and knows conditional writes. A blob of one part
 * is one request; a longer one is an upload in parts, of which nothing is visible before it is completed.
 *
 * <p>Any number of instances, in any number of processes, may use one bucket and prefix. What is stored, what the bucket
 * needs and what each call costs is written down in {@code docs/backends/s3.md}. Threads: answers come on the threads of the
 * client, which must not be blocked.
 */
public final class S3Blobs implements LongTermBackend, MultiBlobDeletes, BlobListing {

    private final S3Store store;
    private final UploadMemory memory;
    private final BulkDelete bulkDelete;
    private final S3Uploads uploads;
    private final long partBytes;
    private final int partsAtATime;

    private S3Blobs(Builder from, Connection connection, String bucket) {
        this.store = new S3Store(connection, from, bucket);
        this.memory = new UploadMemory(from.uploadMemory);
        this.bulkDelete = new BulkDelete(store);
        this.uploads = new S3Uploads(store, memory, from.partBytes * from.partsAtATime);
        this.partBytes = from.partBytes;
        this.partsAtATime = from.partsAtATime;
    }

    /** What a store can do besides what all of them do. */
    public enum Compatibility {
        /** Verifies and keeps CRC32C checksums, those of whole objects that came in parts included. */
        AWS,
        /** Is sent no checksums but where the protocol has always had them. */
        GENERIC
    }

    /** @param runtime whose timers pause between repetitions, and whose clock says when credentials end */
    public static Builder builder(TerraceRuntime runtime) {
        return new Builder(runtime);
    }

    @Override
    public String name() {
        return S3Errors.BACKEND;
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
        return store.call(() -> {
            String key = store.keys().of(id);
            return GateWatch.during(gate, opened -> upload(id, key, metadata, body, opened));
        });
    }

    private Mono<BlobInfo> upload(BlobId id, String key, ObjectMetadata metadata, Payload body, Mono<Void> opened) {
        return Mono.deferContextual(context -> Mono.using(
                () -> {
                    ByteBuffer known = body.inMemory();
                    long size = partBytesFor(body.contentLength());
                    return known != null
                            ? new PartsInMemory(known, size, !store.checksums())
                            : new PartsOfStream(body, size, !store.checksums(), memory.share(), context);
                },
                parts -> new BlobUpload(store, id, key, metadata, parts, partsAtATime).run(opened),
                Parts::close));
    }

    /** Larger parts if there would be too many. */
    private long partBytesFor(long length) {
        long least = (length + RemoteUpload.MOST_PARTS - 1) / RemoteUpload.MOST_PARTS;
        return Math.max(partBytes, least);
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        requireNonNull(id, "id");
        return store.call(() -> new BlobOpening(store, id, range).open());
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        requireNonNull(id, "id");
        return store.call(() -> store.head(id));
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        requireNonNull(id, "id");
        return store.call(() -> store.delete(id));
    }

    @Override
    public int maxBlobs() {
        return BulkDelete.MAX_BLOBS;
    }

    @Override
    public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
        requireNonNull(ids, "ids");
        return store.call(() -> bulkDelete.of(ids));
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        requireNonNull(prefix, "prefix");
        return store.stream(() -> OnDemand.read(() -> new BlobPages(store, prefix)));
    }

    /** Lists one object: that needs the bucket, the credentials and a permission that is needed anyway. */
    @Override
    public Mono<Health> check() {
        return store.check();
    }

    /** Calls under way end with an error; of those that write it is not known what became of them. */
    @Override
    public Mono<Void> closeLater() {
        return store.closeLater();
    }

    /** How much memory uploads hold, for tests. */
    long uploadMemoryInUse() {
        return memory.used();
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        final TerraceRuntime runtime;
        final List<ExecutionInterceptor> interceptors = new ArrayList<>();

        @Nullable
        String bucket;

        String prefix = "";

        @Nullable
        String region;

        @Nullable
        URI endpoint;

        boolean pathStyle;

        @Nullable
        Compatibility compatibility;

        @Nullable
        String accessKeyId;

        @Nullable
        String secretAccessKey;

        @Nullable
        IdentityProvider<? extends AwsCredentialsIdentity> credentials;

        @Nullable
        S3AsyncClient client;

        long partBytes = S3Options.DEFAULT_PART_BYTES;
        int partsAtATime = S3Options.DEFAULT_PARTS_AT_A_TIME;
        long uploadMemory = S3Options.DEFAULT_UPLOAD_MEMORY;
        int connections = S3Options.DEFAULT_CONNECTIONS;
        Duration connectTimeout = S3Options.DEFAULT_CONNECT_TIMEOUT;
        Duration requestTimeout = S3Options.DEFAULT_REQUEST_TIMEOUT;
        Duration uploadTimeout = S3Options.DEFAULT_UPLOAD_TIMEOUT;
        Duration idleTimeout = S3Options.DEFAULT_IDLE_TIMEOUT;

        private Builder(TerraceRuntime runtime) {
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** The bucket; must be given, and must exist. */
        public Builder bucket(String name) {
            this.bucket = requireNonNull(name, "name");
            return this;
        }

        /** What the names of all objects begin with; nothing by default. */
        public Builder prefix(String path) {
            this.prefix = requireNonNull(path, "path");
            return this;
        }

        /** The region; by default what the SDK finds, or {@code us-east-1} if there is an endpoint. */
        public Builder region(String name) {
            this.region = requireNonNull(name, "name");
            return this;
        }

        /** Where the store is, if it is not AWS. */
        public Builder endpoint(URI url) {
            this.endpoint = requireNonNull(url, "url");
            return this;
        }

        /** Whether the bucket is in the path of each request and not in its host name; by default it is not. */
        public Builder pathStyle(boolean inPath) {
            this.pathStyle = inPath;
            return this;
        }

        /** By default AWS if there is no endpoint, and generic if there is one. */
        public Builder compatibility(Compatibility level) {
            this.compatibility = requireNonNull(level, "level");
            return this;
        }

        /** A fixed key; by default the SDK's chain is asked. */
        public Builder accessKey(String id, String secret) {
            this.accessKeyId = requireNonNull(id, "id");
            this.secretAccessKey = requireNonNull(secret, "secret");
            return this;
        }

        /** Where credentials come from; it may block, and is asked on a thread of ours. */
        public Builder credentials(IdentityProvider<? extends AwsCredentialsIdentity> source) {
            this.credentials = requireNonNull(source, "source");
            return this;
        }

        /**
         * A client that is ready, and stays the caller's to close. It should make no repetitions of its own. What is said here
         * about region, endpoint, credentials, connections and their timeouts is then not used.
         */
        public Builder client(S3AsyncClient ready) {
            this.client = requireNonNull(ready, "ready");
            return this;
        }

        /** The size of a part, from 5 MiB to 1 GiB; 8 MiB by default. A body up to it is one request. */
        public Builder partBytes(long bytes) {
            this.partBytes = bytes;
            return this;
        }

        /** How many parts of one body are held at a time; 2 by default, one that fills and one on its way. */
        public Builder partsAtATime(int count) {
            this.partsAtATime = count;
            return this;
        }

        /** How many bytes of parts all uploads together hold; 256 MiB by default. Those beyond wait. */
        public Builder uploadMemory(long bytes) {
            this.uploadMemory = bytes;
            return this;
        }

        /** How many connections there are at most; 128 by default. */
        public Builder connections(int count) {
            this.connections = count;
            return this;
        }

        /** How long a new connection may take, and the wait for a free one; 5 seconds by default. */
        public Builder connectTimeout(Duration time) {
            this.connectTimeout = requireNonNull(time, "time");
            return this;
        }

        /** How long a request may take that carries no body; of a read, until its answer begins. 30 seconds by default. */
        public Builder requestTimeout(Duration time) {
            this.requestTimeout = requireNonNull(time, "time");
            return this;
        }

        /** How long a request may take that carries a part, or makes parts one object; 2 minutes by default. */
        public Builder uploadTimeout(Duration time) {
            this.uploadTimeout = requireNonNull(time, "time");
            return this;
        }

        /** How long a connection may stand still while something is asked of it; 30 seconds by default. */
        public Builder idleTimeout(Duration time) {
            this.idleTimeout = requireNonNull(time, "time");
            return this;
        }

        /** Sees each request, for tests. */
        Builder interceptor(ExecutionInterceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        Compatibility compatibility() {
            if (compatibility != null) {
                return compatibility;
            }
            return endpoint == null ? Compatibility.AWS : Compatibility.GENERIC;
        }

        /**
         * Opens the store. Blocks, not for an event loop: credentials and region may have to be asked for. The bucket is not
         * looked at.
         *
         * @throws ConfigurationException if the settings do not go together
         */
        public S3Blobs build() {
            if (bucket == null || bucket.isBlank()) {
                throw new ConfigurationException("An S3 store needs the name of its bucket: give 'bucket'.");
            }
            if (partBytes < S3Options.LEAST_PART_BYTES || partBytes > S3Options.MOST_PART_BYTES) {
                throw new ConfigurationException("'part-size' is " + partBytes
                        + " bytes, but S3 takes parts from 5 MiB, and this store up to 1 GiB.");
            }
            if (partsAtATime < 1 || connections < 1) {
                throw new ConfigurationException("'upload-parts' and 'connections' must be at least 1.");
            }
            if (uploadMemory < partBytes) {
                throw new ConfigurationException("'upload-memory' is " + uploadMemory
                        + " bytes, which is less than a part of " + partBytes + ". Raise it, or lower 'part-size'.");
            }
            return new S3Blobs(this, client != null ? Connection.of(client) : Connection.open(this), bucket);
        }
    }
}
