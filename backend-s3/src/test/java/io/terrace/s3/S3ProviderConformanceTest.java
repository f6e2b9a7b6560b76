// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

class S3ProviderConformanceTest extends ProviderConformanceTest {

    @Override
    protected BackendProvider provider() {
        return new S3Provider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        TestServer server = TestServer.shared();
        Map<String, String> options = new HashMap<>(Map.of(
                "bucket",
                server.createBucket(),
                "prefix",
                "v1",
                "endpoint",
                server.endpoint().toString(),
                "path-style",
                "true"));
        AwsBasicCredentials credentials = server.credentials();
        if (credentials != null) {
            options.put("access-key-id", credentials.accessKeyId());
            options.put("secret-access-key", credentials.secretAccessKey());
        }
        return options;
    }
}
