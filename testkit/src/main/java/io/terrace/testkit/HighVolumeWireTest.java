// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.ObjectId;
import io.terrace.spi.BackendRole;
import io.terrace.spi.HighVolumeBackend;
import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Mono;

/**
 * What a {@link HighVolumeBackend} must do when the network between it and its store breaks. Extend it beside
 * {@link HighVolumeConformanceTest}, if there is a network, and say where the server is:
 *
 * <pre>{@code
 * class MyRowsWireTest extends HighVolumeWireTest {
 *     @Override
 *     protected WiredEnvironment<HighVolumeBackend> environment() {
 *         return new MyWiredEnvironment();
 *     }
 * }
 * }</pre>
 *
 * <p>The rules are written down in {@code docs/spec/wire.md}.
 */
public abstract class HighVolumeWireTest extends WireConformanceTest<HighVolumeBackend> {

    private final Rows nearRows = new Rows(this::near);
    private final Rows farRows = new Rows(this::far);

    /** The store as it is. */
    Rows nearRows() {
        return nearRows;
    }

    /** The store as the instance under test sees it. */
    Rows farRows() {
        return farRows;
    }

    <T> Pending<T> begin(Mono<T> call) {
        return Pending.of(call, wired());
    }

    /** Makes the connection before anything is done to it, and returns an object that there is a row of. */
    ObjectId connected() {
        ObjectId id = nearRows.fresh();
        nearRows.install(id, Rows.inline("there"));
        farRows.full(id);
        return id;
    }

    @Override
    String role() {
        return BackendRole.HIGH_VOLUME.label() + "-wire";
    }

    @Nested
    class LosingAnswers extends LostRowAnswerRules {
        LosingAnswers() {
            super(HighVolumeWireTest.this);
        }
    }

    @Nested
    class BreakingConnections extends BrokenRowConnectionRules {
        BreakingConnections() {
            super(HighVolumeWireTest.this);
        }
    }
}
