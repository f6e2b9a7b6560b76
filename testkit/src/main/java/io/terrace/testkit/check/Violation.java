// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

/**
 * Operations on one key that no order explains.
 *
 * @param key the key
 * @param operations how many operations the smallest such set has that was found
 * @param picture that set, one line each, with time from left to right
 */
public record Violation(String key, int operations, String picture) {

    @Override
    public String toString() {
        return "The operations on '" + key + "' are not linearizable. No order of these " + operations
                + " explains all their answers:\n" + picture;
    }
}
