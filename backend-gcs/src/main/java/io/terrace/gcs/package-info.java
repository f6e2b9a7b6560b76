// SPDX-License-Identifier: Apache-2.0
/**
 * Blobs on Google Cloud Storage. {@link io.terrace.gcs.GcsBlobs} opens them in code, {@link io.terrace.gcs.GcsProvider} by
 * name.
 *
 * <p>The client of the store blocks, so everything that talks to it runs on a bounded number of threads of this backend.
 */
@NullMarked
package io.terrace.gcs;

import org.jspecify.annotations.NullMarked;
