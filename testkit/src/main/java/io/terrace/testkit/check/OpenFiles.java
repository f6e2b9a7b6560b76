// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file descriptors of this process: by what they point to where the system tells, otherwise only their number. */
final class OpenFiles {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** One text for each; equal texts can occur more than once. */
    static List<String> list() {
        if (Files.isDirectory(DESCRIPTORS)) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
                List<String> open = new ArrayList<>();
                for (Path descriptor : descriptors) {
                    addTarget(descriptor, open);
                }
                return open;
            } catch (IOException unreadable) {
                return count();
            }
        }
        return count();
    }

    private static void addTarget(Path descriptor, List<String> open) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (!isOurs(target)) {
                open.add(target);
            }
        } catch (IOException closedMeanwhile) {
            // It does not count then.
        }
    }

    /** What the JVM opens by itself, when it first needs it, and the listing that we are in. */
    private static boolean isOurs(String target) {
        return target.endsWith(".jar")
                || target.endsWith(".jmod")
                || target.endsWith("/lib/modules")
                || target.endsWith("random")
                || target.matches("/proc/\\d+/fd");
    }

    private static List<String> count() {
        List<String> open = new ArrayList<>();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            for (long i = unix.getOpenFileDescriptorCount(); i > 0; i--) {
                open.add("a file descriptor");
            }
        }
        return open;
    }
}
