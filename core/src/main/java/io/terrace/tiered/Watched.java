// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/** Where the numbers of a store are. */
record Watched(Operations operations, Recovery recovery, Maintenance maintenance) {

    Admission admission() {
        return operations.admission();
    }
}
