// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigTree;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendChoice;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one tier is come by: made by the caller, who closes it, or chosen by name or URL, and opened and closed by the store. */
final class TierSource<B extends Backend> {

    private final BackendRole<B> role;
    private final String missing;
    private @Nullable B made;
    private @Nullable ConfigTree section;
    private @Nullable BackendChoice<B> choice;

    /** @param missing what to say if it is come by in no way */
    TierSource(BackendRole<B> role, String missing) {
        this.role = role;
        this.missing = missing;
    }

    void use(B backend) {
        made = backend;
        section = null;
    }

    void choose(ConfigTree of) {
        made = null;
        section = of;
    }

    /** Adds what is wrong with it. */
    void check(ConfigProblems problems) {
        choice = section == null ? null : BackendChoice.read(role, section, problems);
        if (made == null && section == null) {
            problems.add("", missing);
        }
    }

    /** After a check that found nothing. May block. Says what was done. */
    String prepare(TerraceRuntime runtime) {
        return choice == null ? "It was opened by the application." : choice.prepare(runtime);
    }

    /**
     * After a check that found nothing. May block.
     *
     * @param owned gets it if the store has to close it
     */
    B open(TerraceRuntime runtime, List<Backend> owned) {
        if (choice != null) {
            B opened = choice.open(runtime);
            owned.add(opened);
            return opened;
        }
        if (made == null) {
            throw new IllegalStateException(missing);
        }
        return made;
    }
}
