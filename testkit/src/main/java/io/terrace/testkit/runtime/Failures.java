// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.runtime;

import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** Lets the other tasks run when one of them fails, and the test see the failure nevertheless. */
final class Failures {

    private @Nullable Throwable first;

    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            Exceptions.throwIfJvmFatal(failure);
            if (first == null) {
                first = failure;
            } else if (first != failure) {
                first.addSuppressed(failure);
            }
        }
    }

    void rethrow() {
        if (first != null) {
            throw Exceptions.propagate(first);
        }
    }
}
