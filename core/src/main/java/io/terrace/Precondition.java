// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What must hold of an object for a write to take effect: checked and written in one step, so that nobody comes in between.
 * If it does not hold, the write fails with {@link PreconditionFailedException} and changes nothing. An object that was
 * deleted or has expired counts as absent.
 */
public sealed interface Precondition {
    /** Nothing: the last writer wins. */
    static Precondition none() {
        return None.INSTANCE;
    }

    /** There is no object: create, and never replace. HTTP calls it {@code If-None-Match: *}. */
    static Precondition ifAbsent() {
        return IfAbsent.INSTANCE;
    }

    /**
     * The object's bytes are still those of this {@linkplain ObjectInfo#etag() etag}. Fails if the object is absent; holds
     * across updates of its metadata. HTTP calls it {@code If-Match}.
     */
    static Precondition ifMatch(String etag) {
        return new IfMatch(etag);
    }

    /** Calls the function that belongs to this precondition; the last one with the etag. */
    <T> T fold(Supplier<T> none, Supplier<T> ifAbsent, Function<String, T> ifMatch);

    default boolean isNone() {
        return this instanceof None;
    }

    /** Requires nothing. */
    record None() implements Precondition {
        private static final None INSTANCE = new None();

        @Override
        public <T> T fold(Supplier<T> none, Supplier<T> ifAbsent, Function<String, T> ifMatch) {
            return none.get();
        }

        @Override
        public String toString() {
            return "none";
        }
    }

    /** Requires that there is no object. */
    record IfAbsent() implements Precondition {
        private static final IfAbsent INSTANCE = new IfAbsent();

        @Override
        public <T> T fold(Supplier<T> none, Supplier<T> ifAbsent, Function<String, T> ifMatch) {
            return ifAbsent.get();
        }

        @Override
        public String toString() {
            return "if absent";
        }
    }

    /** Requires that the object has this etag. */
    record IfMatch(String etag) implements Precondition {
        public IfMatch {
            Objects.requireNonNull(etag, "etag");
        }

        @Override
        public <T> T fold(Supplier<T> none, Supplier<T> ifAbsent, Function<String, T> ifMatch) {
            return ifMatch.apply(etag);
        }

        @Override
        public String toString() {
            return "if " + etag;
        }
    }
}
