// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.io.IOException;

/** The disk did not confirm something, and asking it again would prove nothing: a second fsync forgets the first failure. */
final class NotDurableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean visible;
    private final IOException cause;

    /** @param visible whether the change may be seen already, and may or may not survive */
    NotDurableException(String message, boolean visible, IOException cause) {
        super(message, cause);
        this.visible = visible;
        this.cause = cause;
    }

    boolean isVisible() {
        return visible;
    }

    /** The same failure, of a step that came before. */
    NotDurableException beforeAnythingIsVisible() {
        return new NotDurableException(String.valueOf(getMessage()), false, cause);
    }

    /** A full disk is no reason to distrust it, as long as nothing became visible. */
    boolean isHarmless() {
        return !visible && LocalFsErrors.isFull(cause);
    }
}
