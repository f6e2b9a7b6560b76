// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/** How closely an inspection looks. */
public enum InspectionDepth {
    /** That rows, blobs and log agree with each other. Reads no payload. */
    STRUCTURE,
    /** Also that every byte is as it was written. Reads everything. */
    CONTENT
}
