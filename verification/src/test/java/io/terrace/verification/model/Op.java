// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * What a client asked for, and what it means for the register that the key is: its content is {@code null}, or a value
 * followed by metadata, as in {@code A+m}.
 */
sealed interface Op {

    /** The name of the operation, unique in a run. */
    String name();

    /** What the operation does to this content if it takes effect now; {@code null} if it cannot. */
    @Nullable
    Effect on(@Nullable String content);

    /** @param answer what the client is told, {@code null} if there is no client */
    record Effect(@Nullable String content, @Nullable String answer) {}

    String OK = "ok";
    /** The precondition does not hold. */
    String REFUSED = "refused";
    /** There is no such object. */
    String NOT_FOUND = "not found";
    /** An error that says that the operation took no effect and never will. */
    String NOT_APPLIED = "not applied";
    /** An error that leaves it open: now, later, or never. */
    String UNKNOWN = "unknown";

    /** Put, or delete if the value is {@code null}. */
    record Put(String name, @Nullable String value) implements Op {
        @Override
        public Effect on(@Nullable String content) {
            return new Effect(value, OK);
        }
    }

    record Get(String name) implements Op {
        @Override
        public Effect on(@Nullable String content) {
            return new Effect(content, content == null ? NOT_FOUND : content);
        }
    }

    /** A put, or a delete, if there is a certain value, or none. */
    record PutIf(String name, Condition condition, @Nullable String value) implements Op {
        @Override
        public Effect on(@Nullable String content) {
            return condition.holdsFor(content) ? new Effect(value, OK) : new Effect(content, REFUSED);
        }
    }

    /**
     * Replaces the metadata.
     *
     * @param expected the content as the client saw it, {@code null} for any. A change that a client cannot see may refuse
     *     the update too, so a refusal needs no reason
     */
    record UpdateMetadata(
            String name, String meta, @Nullable String expected) implements Op {
        @Override
        public Effect on(@Nullable String content) {
            if (content == null) {
                return new Effect(null, NOT_FOUND);
            }
            return expected == null || expected.equals(content)
                    ? new Effect(valueIn(content) + meta, OK)
                    : new Effect(content, REFUSED);
        }
    }

    /** Renews the deadline: what is there does not vanish any more. */
    record Renew(String name) implements Op {
        @Override
        public @Nullable Effect on(@Nullable String content) {
            return content == null ? null : new Effect(content, OK);
        }
    }

    /** The lifetime of a value ends, at any time, once. */
    record Vanish(String value) implements Op {
        static final String NAME = "~";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public @Nullable Effect on(@Nullable String content) {
            return isValue(content, value) ? new Effect(null, null) : null;
        }
    }

    static boolean isValue(@Nullable String content, String value) {
        return content != null && valueIn(content).equals(value);
    }

    static String valueIn(String content) {
        int plus = content.indexOf('+');
        return plus < 0 ? content : content.substring(0, plus);
    }
}
