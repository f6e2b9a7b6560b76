// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** A call that is under way while the test does something to the connection below it. */
final class Pending<T> {

    /** For a machine that is busy with other things: how much later than its own deadline a call may end, at least. */
    private static final long GRACE_MILLIS = 2000;

    private final CompletableFuture<Signal<T>> end;
    private final long deadlineMillis;

    private Pending(CompletableFuture<Signal<T>> end, long deadlineMillis) {
        this.end = end;
        this.deadlineMillis = deadlineMillis;
    }

    static <T> Pending<T> of(Mono<T> call, WiredEnvironment<?> environment) {
        return new Pending<>(call.materialize().toFuture(), environment.deadline());
    }

    boolean hasEnded() {
        return end.isDone();
    }

    void cancel() {
        end.cancel(true);
    }

    /** How it ended, which must be in time. */
    Signal<T> ended() {
        try {
            return end.get(deadlineMillis + Math.max(deadlineMillis, GRACE_MILLIS), TimeUnit.MILLISECONDS);
        } catch (TimeoutException still) {
            end.cancel(true);
            throw new AssertionError(
                    "the call must end by itself within " + deadlineMillis + " ms, but it is under way still", still);
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Its value, empty if it completed without one or failed. */
    Optional<T> value() {
        return Optional.ofNullable(ended().get());
    }

    /** Its error, which must be one of ours; {@code null} if it succeeded. */
    @Nullable
    TerraceException error() {
        Throwable error = ended().getThrowable();
        if (error == null) {
            return null;
        }
        assertThat(error).isInstanceOf(TerraceException.class);
        return (TerraceException) error;
    }

    /** The error of a call that must fail. */
    TerraceException failure() {
        TerraceException error = error();
        assertThat(error)
                .as("the call must fail, but it ended with %s", ended())
                .isNotNull();
        return Objects.requireNonNull(error);
    }

    /** Whether it said that nothing has happened. */
    boolean saysNotApplied() {
        TerraceException error = error();
        return error != null && error.determinacy() == Determinacy.NOT_APPLIED;
    }

    /** The call failed so that its caller knows that it may have taken effect. */
    boolean saysUnknown() {
        TerraceException error = error();
        return error != null && error.determinacy() == Determinacy.UNKNOWN;
    }
}
