// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

/**
 * A scenario with a broken rule, which must be noticed.
 *
 * @param expected a part of what must be noticed
 */
record Control(String name, String expected, Scenario scenario) {

    @Override
    public String toString() {
        return name;
    }
}
