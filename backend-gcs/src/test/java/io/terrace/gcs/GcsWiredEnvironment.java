// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.WiredEnvironment;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** The same, for tests that break the network: with little patience. */
class GcsWiredEnvironment implements WiredEnvironment<LongTermBackend> {

    private final URI endpoint;
    private final String bucket;

    GcsWiredEnvironment(String endpoint) {
        this.endpoint = URI.create(endpoint);
        this.bucket = GcsServer.newBucket(endpoint);
    }

    @Override
    public LongTermBackend create() {
        return open(endpoint.toString(), Duration.ofSeconds(10), TerraceRuntime.system());
    }

    @Override
    public void cleanup(LongTermBackend backend) {
        WiredEnvironment.super.cleanup(backend);
        GcsServer.drop(endpoint.toString(), bucket);
    }

    @Override
    public InetSocketAddress server() {
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }

    @Override
    public LongTermBackend through(InetSocketAddress address) {
        return open(
                "http://" + address.getHostString() + ":" + address.getPort(),
                Duration.ofMillis(600),
                TerraceRuntime.system());
    }

    private LongTermBackend open(String url, Duration timeout, TerraceRuntime runtime) {
        return GcsBlobs.builder(runtime)
                .endpoint(url)
                .bucket(bucket)
                .chunkSize(1 << 20)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .callTimeout(timeout.multipliedBy(2))
                .build();
    }
}
