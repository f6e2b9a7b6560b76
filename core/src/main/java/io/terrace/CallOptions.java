// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * How the operations of a pipeline are carried out, whichever they are. It travels in the Reactor context, so it reaches every
 * operation that is subscribed to above it, those within a {@link ObjectStore#withObject use} or a
 * {@link ObjectStore#batch batch} included, and passes through every decorator of a store:
 *
 * <pre>{@code
 * store.head(id).contextWrite(CallOptions.within(Duration.ofSeconds(2)))
 * }</pre>
 *
 * <p>Options add up; of two that say different things of one matter, the one nearer to the operation holds. Immutable.
 */
public final class CallOptions {

    /** The longest time that an operation may be given. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final Object KEY = CallOptions.class;
    private static final CallOptions DEFAULTS = new CallOptions(null, false);

    private final @Nullable Duration timeout;
    private final boolean bulk;

    private CallOptions(@Nullable Duration timeout, boolean bulk) {
        this.timeout = timeout;
        this.bulk = bulk;
    }

    /**
     * Gives each operation this much time for its answer, in the place of the store's own timeout; waiting for its turn
     * included, and begun anew by progress of its payload. What it answers when the time is over is said by
     * {@link DeadlineExceededException} and {@link OutcomeUnknownException}.
     *
     * @throws IllegalArgumentException unless it is longer than zero and at most {@link #LONGEST}
     */
    public static Function<Context, Context> within(Duration timeout) {
        if (timeout.compareTo(Duration.ZERO) <= 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The timeout is " + timeout + ", but must be longer than zero and at most " + LONGEST + ".");
        }
        return context -> context.put(KEY, new CallOptions(timeout, of(context).bulk));
    }

    /**
     * Counts each operation to the bulk work, which may use only a share of what the store does at a time: what is not urgent,
     * and comes in large numbers, leaves room for the rest. Its reads may be joined into fewer requests, and then begin on
     * another thread.
     */
    public static Function<Context, Context> asBulk() {
        return context -> context.put(KEY, new CallOptions(of(context).timeout, true));
    }

    /** What a context says; the defaults if it says nothing. */
    public static CallOptions of(ContextView context) {
        return Objects.requireNonNull(context.<CallOptions>getOrDefault(KEY, DEFAULTS));
    }

    /** The time that an operation has; empty for the store's own timeout. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    public boolean isBulk() {
        return bulk;
    }

    @Override
    public String toString() {
        return (bulk ? "bulk" : "not bulk") + (timeout == null ? "" : ", within " + timeout);
    }
}
