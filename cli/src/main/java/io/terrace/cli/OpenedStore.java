// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.tiered.TieredObjectStore;

/** A store that a command has open. */
interface OpenedStore extends AutoCloseable {

    TieredObjectStore objects();

    /** Waits for what is under way, within limits. What is not done then is settled by the next opening. */
    @Override
    void close();
}
