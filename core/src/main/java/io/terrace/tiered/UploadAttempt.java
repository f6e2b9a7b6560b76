// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.RowHead;
import io.terrace.spi.UploadRecord;

/**
 * An attempt to complete an upload, once it is recorded.
 *
 * @param record as this attempt left it: COMPLETING
 * @param row the row as this attempt read it, before
 * @param first whether no attempt was recorded before, or all of them were taken back
 * @param ageMicros how long ago the first attempt was recorded, by the wall clock
 */
record UploadAttempt(UploadRecord record, RowHead row, boolean first, long ageMicros) {}
