// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * How to write an object.
 *
 * @param precondition what must hold of the object that is replaced
 */
public record PutOptions(Precondition precondition) {

    private static final PutOptions DEFAULTS = new PutOptions(Precondition.none());

    public PutOptions {
        Objects.requireNonNull(precondition, "precondition");
    }

    /** Replaces whatever is there. */
    public static PutOptions defaults() {
        return DEFAULTS;
    }

    /** Creates, and never replaces. */
    public static PutOptions ifAbsent() {
        return new PutOptions(Precondition.ifAbsent());
    }

    /** Replaces exactly the bytes of this {@linkplain ObjectInfo#etag() etag}. */
    public static PutOptions ifMatch(String etag) {
        return new PutOptions(Precondition.ifMatch(etag));
    }
}
