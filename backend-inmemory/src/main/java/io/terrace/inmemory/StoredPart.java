// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.PartInfo;
import java.util.List;

/**
 * A part of an upload, immutable, in the pieces in which it came.
 *
 * @param info what it is
 * @param pieces its bytes
 */
record StoredPart(PartInfo info, List<byte[]> pieces) {}
