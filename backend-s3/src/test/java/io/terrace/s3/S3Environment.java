// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.BackendEnvironment;
import java.util.ArrayList;
import java.util.List;

/** Blobs in a bucket of their own. */
final class S3Environment implements BackendEnvironment<LongTermBackend> {

    private final TestBucket bucket;
    private final Compatibility compatibility;
    private final List<LongTermBackend> abandoned = new ArrayList<>();
    private int open;

    S3Environment(Compatibility compatibility) {
        this(TestServer.shared(), compatibility);
    }

    S3Environment(TestServer server, Compatibility compatibility) {
        this.bucket = TestBucket.at(server);
        this.compatibility = compatibility;
    }

    @Override
    public LongTermBackend create() {
        open++;
        return bucket.configure(S3Blobs.builder(TerraceRuntime.system()))
                .compatibility(compatibility)
                // So that bodies of the kit come in several.
                .partBytes(S3Options.LEAST_PART_BYTES)
                .build();
    }

    @Override
    public LongTermBackend share(LongTermBackend backend) {
        return create();
    }

    @Override
    public LongTermBackend reopen(LongTermBackend backend) {
        abandoned.add(backend);
        open--;
        return create();
    }

    @Override
    public void cleanup(LongTermBackend backend) {
        BackendEnvironment.super.cleanup(backend);
        if (--open == 0) {
            abandoned.forEach(BackendEnvironment.super::cleanup);
            bucket.close();
        }
    }
}
