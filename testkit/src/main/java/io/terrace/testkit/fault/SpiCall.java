// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.spi.BackendRole;
import java.util.Objects;

/**
 * One call of an SPI method: one subscription to what the method returned.
 *
 * @param role the role of the backend that is called
 * @param operation the method
 * @param target what it is about: the storage path of an object or a blob, those of several
 *     with spaces in between, the id of a log entry, the name of a pin, the
 *     prefix or scope of a listing; empty where there is nothing to name
 * @param sequence which call of this wrapped backend it is, counted from 1 over all operations
 */
public record SpiCall(BackendRole<?> role, SpiOperation operation, String target, long sequence) {

    public SpiCall {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(target, "target");
    }

    @Override
    public String toString() {
        return operation + (target.isEmpty() ? "" : " of " + target) + " (" + role + " call " + sequence + ")";
    }
}
