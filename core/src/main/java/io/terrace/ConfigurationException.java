// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The configuration is wrong or incomplete.
 */
public final class ConfigurationException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "configuration.invalid";

    /** A failure that involved no backend and had no effect. */
    public ConfigurationException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }

    /** A failure that involved no backend and had no effect, with its cause. */
    public ConfigurationException(String message, @Nullable Throwable cause) {
        super("", CODE, message, Determinacy.NOT_APPLIED, cause);
    }
}
