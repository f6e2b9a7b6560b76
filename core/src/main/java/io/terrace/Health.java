// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * Whether a store answers.
 *
 * @param healthy whether it does
 * @param detail what was asked and what came back, for a person
 */
public record Health(boolean healthy, String detail) {

    public Health {
        Objects.requireNonNull(detail, "detail");
    }

    /** The store answers. */
    public static Health up(String detail) {
        return new Health(true, detail);
    }

    /** The store does not answer, or not as it should. */
    public static Health down(String detail) {
        return new Health(false, detail);
    }
}
