// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.Backend;
import io.terrace.spi.Capability;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The life of a backend that is tested through a network that breaks. */
abstract class WireConformanceTest<B extends Backend> extends ConformanceTest {

    private @Nullable WiredEnvironment<B> environment;
    private @Nullable B near;
    private @Nullable B far;
    private @Nullable FaultyTcpProxy proxy;

    /** Where the backend comes from. Called once for each test. */
    protected abstract WiredEnvironment<B> environment();

    /** What a backend of this kind is tested as. */
    abstract String role();

    @Override
    protected String variant() {
        return "wire";
    }

    @Override
    ConformanceReport.Subject subject() {
        return new ConformanceReport.Subject(
                near().name(),
                role(),
                near().capabilities().stream().map(Capability::name).toList(),
                List.of());
    }

    @BeforeEach
    void connect() {
        environment = environment();
        near = environment.create();
        proxy = FaultyTcpProxy.to(environment.server());
        far = environment.through(proxy.address());
    }

    @AfterEach
    void disconnect() {
        if (proxy != null) {
            proxy.flow();
        }
        if (far != null) {
            Await.done(far.closeLater());
        }
        if (near != null && environment != null) {
            environment.cleanup(near);
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    WiredEnvironment<B> wired() {
        return begun(environment);
    }

    /** The instance that nothing happens to: what it says is so. */
    B near() {
        return begun(near);
    }

    /** The instance under test, on the same store. */
    B far() {
        return begun(far);
    }

    FaultyTcpProxy proxy() {
        return begun(proxy);
    }

    private static <T> T begun(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("before the test has begun");
        }
        return field;
    }
}
