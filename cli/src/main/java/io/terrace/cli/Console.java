// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes.
 *
 * @param terminal whether a person watches {@code out}, so that a progress bar may redraw itself
 */
record Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {

    /** Prints a line of a result. Fails if nobody reads it any more, which ends the command. */
    void print(String line) {
        out.print(line + "\n");
        if (out.checkError()) {
            throw Failure.localIo("the output could not be written: it was closed, or the disk is full");
        }
    }
}
