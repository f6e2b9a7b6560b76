// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.WriteId;
import java.util.Objects;

/**
 * Names one value of one key. It changes if and only if a value is written, also if an equal one is; a sign of life of the
 * owner does not change it. Of two revisions it cannot be said which one is newer.
 *
 * @param value 32 hexadecimal digits; any other text is the revision of nothing
 */
public record Revision(String value) {

    public Revision {
        Objects.requireNonNull(value, "value");
    }

    static Revision of(WriteId writeId) {
        return new Revision(writeId.toString());
    }

    boolean names(WriteId writeId) {
        return value.equals(writeId.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
