// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Google's storage-testbench in a container, started by the first test that asks, and as long as the process. Without Docker
 * it throws.
 */
final class TestbenchServer {

    private static final DockerImageName IMAGE =
            DockerImageName.parse("gcr.io/cloud-devrel-public-resources/storage-testbench:v0.56.0");

    private static final int PORT = 9000;

    private static @Nullable String endpoint;

    private TestbenchServer() {}

    static synchronized String endpoint() {
        if (endpoint == null) {
            endpoint = start();
        }
        return endpoint;
    }

    // Whoever starts containers removes this one when the process has ended.
    @SuppressWarnings("resource")
    private static String start() {
        GenericContainer<?> testbench = new GenericContainer<>(IMAGE)
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp("/").forPort(PORT));
        testbench.start();
        return "http://" + testbench.getHost() + ":" + testbench.getMappedPort(PORT);
    }
}
