// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

/** What the command ends with. Scripts decide by these, so a number keeps its meaning for ever. */
final class ExitCode {

    static final int OK = 0;
    static final int FAULT = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int UNAVAILABLE = 4;
    static final int UNKNOWN_OUTCOME = 5;
    static final int LOCAL_IO = 6;
    static final int BUG = 7;

    private ExitCode() {}
}
