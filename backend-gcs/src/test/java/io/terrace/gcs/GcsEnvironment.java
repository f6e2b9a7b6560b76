// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.util.Optional;

/** Blobs in a bucket of their own, in small chunks, so that most bodies of the kit take several. */
class GcsEnvironment implements BackendEnvironment<LongTermBackend> {

    private final String endpoint;
    private final String bucket;
    private final ManualRuntime clock = new ManualRuntime(1);
    private boolean dropped;

    GcsEnvironment(String endpoint) {
        this.endpoint = endpoint;
        this.bucket = GcsServer.newBucket(endpoint);
    }

    @Override
    public LongTermBackend create() {
        return GcsBlobs.builder(clock)
                .endpoint(endpoint)
                .bucket(bucket)
                .chunkSize(GcsOptions.CHUNK_UNIT)
                .build();
    }

    @Override
    public LongTermBackend share(LongTermBackend backend) {
        return create();
    }

    @Override
    public LongTermBackend reopen(LongTermBackend backend) {
        return create();
    }

    @Override
    public void cleanup(LongTermBackend backend) {
        BackendEnvironment.super.cleanup(backend);
        if (!dropped) {
            dropped = true;
            GcsServer.drop(endpoint, bucket);
        }
    }

    @Override
    public Optional<ManualRuntime> clock() {
        return Optional.of(clock);
    }
}
