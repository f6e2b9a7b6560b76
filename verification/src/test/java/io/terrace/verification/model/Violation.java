// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

/** Something that must never be. */
final class Violation extends RuntimeException {
    Violation(String message) {
        super(message, null, false, false);
    }
}
