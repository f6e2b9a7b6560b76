// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.WiredEnvironment;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;

/** The same, for tests that break the network: with few connections and little patience. */
final class S3WiredEnvironment implements WiredEnvironment<LongTermBackend> {

    private static final int CONNECTIONS = 8;

    private final TestBucket bucket;
    private final Compatibility compatibility;

    S3WiredEnvironment(Compatibility compatibility) {
        this(TestServer.shared(), compatibility);
    }

    S3WiredEnvironment(TestServer server, Compatibility compatibility) {
        this.bucket = TestBucket.at(server);
        this.compatibility = compatibility;
    }

    @Override
    public LongTermBackend create() {
        return bucket.configure(S3Blobs.builder(TerraceRuntime.system()))
                .compatibility(compatibility)
                .build();
    }

    @Override
    public InetSocketAddress server() {
        return bucket.address();
    }

    @Override
    public LongTermBackend through(InetSocketAddress address) {
        return bucket.configure(S3Blobs.builder(TerraceRuntime.system()))
                .endpoint(URI.create("http://" + address.getHostString() + ":" + address.getPort()))
                .compatibility(compatibility)
                .partBytes(S3Options.LEAST_PART_BYTES)
                .connections(CONNECTIONS)
                .connectTimeout(Duration.ofMillis(800))
                .requestTimeout(Duration.ofMillis(600))
                .uploadTimeout(Duration.ofMillis(1000))
                .idleTimeout(Duration.ofMillis(1000))
                .build();
    }

    @Override
    public int connections() {
        return CONNECTIONS;
    }

    @Override
    public Collection<String> unfinished() {
        return bucket.uploads();
    }

    @Override
    public void cleanup(LongTermBackend backend) {
        WiredEnvironment.super.cleanup(backend);
        bucket.close();
    }
}
