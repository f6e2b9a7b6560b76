// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.util.Map;

class S3ProviderConformanceTest extends ProviderConformanceTest {

    @Override
    protected BackendProvider provider() {
        return new S3Provider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        EmbeddedS3 server = EmbeddedS3.shared();
        return Map.of(
                "bucket", server.createBucket(),
                "prefix", "v1",
                "endpoint", server.endpoint().toString(),
                "path-style", "true",
                "access-key-id", server.accessKeyId(),
                "secret-access-key", server.secretAccessKey());
    }
}
