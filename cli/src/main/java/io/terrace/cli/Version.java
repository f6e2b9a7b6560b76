// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints, from the manifest of the jar. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"terrace " + (version == null ? "(not from a jar)" : version)};
    }
}
