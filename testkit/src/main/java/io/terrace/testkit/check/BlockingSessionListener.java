// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Switches {@link BlockingProbe} on before the first test, if BlockHound is on the class path: depending on both is enough.
 * Found by the launcher; not for use by tests.
 */
public final class BlockingSessionListener implements LauncherSessionListener {

    /** For the launcher. */
    public BlockingSessionListener() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        // What went wrong is kept for assertInstalled(): tests that do not ask must not fail for want of a flag.
        BlockingProbe.tryInstall();
    }
}
