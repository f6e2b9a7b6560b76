// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.LongTermWireTest;
import io.terrace.testkit.WiredEnvironment;
import org.junit.jupiter.api.Tag;

@Tag("docker")
class MinioGenericWireTest extends LongTermWireTest {

    @Override
    protected WiredEnvironment<LongTermBackend> environment() {
        return new S3WiredEnvironment(MinioServer.shared(), Compatibility.GENERIC);
    }

    @Override
    protected String variant() {
        return "minio-generic";
    }
}
