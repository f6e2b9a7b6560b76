// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** MinIO in a container, started by the first test that asks, and as long as the process. Without Docker it throws. */
final class MinioServer {

    /** The last one that was published as an image. */
    private static final DockerImageName IMAGE =
            DockerImageName.parse("quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z"
                    + "@sha256:14cea493d9a34af32f524e538b8346cf79f3321eff8e708c1e2960462bd8936e");

    private static final int PORT = 9000;

    private static @Nullable TestServer shared;

    private MinioServer() {}

    static synchronized TestServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    // Whoever starts containers removes this one when the process has ended.
    @SuppressWarnings("resource")
    private static TestServer start() {
        AwsBasicCredentials root =
                AwsBasicCredentials.create("terrace-tests", UUID.randomUUID().toString());
        GenericContainer<?> minio = new GenericContainer<>(IMAGE)
                .withEnv("MINIO_ROOT_USER", root.accessKeyId())
                .withEnv("MINIO_ROOT_PASSWORD", root.secretAccessKey())
                .withCommand("server", "/data")
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp("/minio/health/ready").forPort(PORT));
        minio.start();
        return new RemoteServer(URI.create("http://" + minio.getHost() + ":" + minio.getMappedPort(PORT)), root, null);
    }
}
