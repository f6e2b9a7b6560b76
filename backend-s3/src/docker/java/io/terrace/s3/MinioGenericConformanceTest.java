// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;
import org.junit.jupiter.api.Tag;

@Tag("docker")
class MinioGenericConformanceTest extends LongTermConformanceTest {

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        return new S3Environment(MinioServer.shared(), Compatibility.GENERIC);
    }

    @Override
    protected String variant() {
        return "minio-generic";
    }
}
