// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import java.util.Set;

/**
 * Makes a backend discoverable by name. An implementation has a public constructor without arguments and is listed in
 * {@code META-INF/services/io.terrace.spi.BackendProvider}. Loading it must be cheap: no client, no file, no thread.
 */
public interface BackendProvider {

    /** The name by which the backend is asked for, such as {@code localfs}; lower case, letters, digits and hyphens. */
    String name();

    /** The roles that it can play. */
    Set<BackendRole<?>> roles();

    /** The options that it understands. */
    ConfigSchema options();

    /**
     * Which of the options the authority and the path of a URL stand for; by default none, so that all of them follow the
     * question mark. A secret never is one of them (PV-3.6): URLs get into logs and shell histories.
     */
    default UrlForm urlForm() {
        return UrlForm.optionsOnly();
    }

    /**
     * Makes what must be there before {@link #open} can succeed in that role, such as a table; by default that is nothing. (PV-2.3)
     *
     * <p>Absent: made. Exists: checked, and not changed so that anything stored could be lost. Idempotent. On error: what was made
     * until then remains, and the next call goes on from there. May block, so it is called on a thread that may.
     *
     * @param config already checked against {@link #options()}
     * @return one sentence for a person: what was made, or that nothing had to be
     * @throws io.terrace.ConfigurationException if what the options say cannot be used, or what exists is not as it must be
     * @throws io.terrace.TransientException if the store cannot be reached
     */
    default String prepare(BackendRole<?> role, BackendConfig config, TerraceRuntime runtime) {
        return "Nothing has to be made before the backend '" + name() + "' is opened.";
    }

    /**
     * Opens a backend. May block (directories, sockets, credentials), so it is called on a thread that may.
     *
     * @param config already checked against {@link #options()}
     * @throws io.terrace.ConfigurationException if what the options say cannot be used
     * @throws io.terrace.TransientException if the store cannot be reached
     */
    <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime);
}
