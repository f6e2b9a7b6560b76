// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.io.IOException;
import java.nio.file.Path;

/** Where a test can look on, fail, or end the process, at every step of a durable write. */
@FunctionalInterface
interface Failpoint {

    /** Does nothing. */
    Failpoint NONE = (step, path) -> {};

    /** The steps, in the order of a write. Each is announced before it is taken, {@link #PUBLISHED} after. */
    enum Step {
        WRITE,
        FORCE_FILE,
        PUBLISH,
        PUBLISHED,
        REMOVE,
        FORCE_DIRECTORY
    }

    /** @throws IOException to make the step fail */
    void at(Step step, Path path) throws IOException;
}
