// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.Backend;
import io.terrace.spi.Capability;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Mono;

/** The life of a backend that is tested through a network that breaks. */
abstract class WireConformanceTest<B extends Backend> extends ConformanceTest {

    /** In which something that goes on behind our back would show. */
    static final Duration A_WHILE = Duration.ofMillis(300);

    private @Nullable WiredEnvironment<B> environment;
    private @Nullable B near;
    private @Nullable B far;
    private @Nullable FaultyTcpProxy proxy;

    /** Where the backend comes from. Called once for each test. */
    protected abstract WiredEnvironment<B> environment();

    /** What a backend of this kind is tested as. */
    abstract String role();

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

    /** Makes a call, and cancels it when it is under way for sure. */
    void cancelOnceSent(Mono<?> call) {
        long before = proxy().requestBytes();
        Pending<?> pending = Pending.of(call, wired());
        recovers(
                "the server has got a part of the request",
                () -> proxy().requestBytes() > before || pending.hasEnded());
        pending.cancel();
    }

    /** So many calls, each of which holds something back, would be noticed. */
    int moreThanConnections() {
        return Math.max(20, wired().connections() + 1);
    }

    /** Waits until there is something to lose: that the server has acted does not mean that its answer is on its way. */
    void awaitHeld(Pending<?> call) {
        Await.until("something of the call is held back", () -> proxy().holds() || call.hasEnded());
    }

    /** Makes a call whose connection breaks when the answer has begun. */
    void breakOnceAnswered(Function<B, Mono<?>> call) {
        proxy().holdAnswers();
        Pending<?> pending = Pending.of(call.apply(far()), wired());
        awaitHeld(pending);
        proxy().loseHeld();
        pending.ended();
    }

    /** Waits until something happens that must happen once the network is whole again. */
    void recovers(String what, BooleanSupplier happened) {
        Await.until(what, Duration.ofMillis(wired().recovery()), happened);
    }

    private static <T> T begun(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("before the test has begun");
        }
        return field;
    }
}
