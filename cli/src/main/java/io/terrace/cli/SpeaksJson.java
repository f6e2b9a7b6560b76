// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

/** A command that was asked, or not, for output that a program can read; errors follow it. */
interface SpeaksJson {
    boolean json();
}
