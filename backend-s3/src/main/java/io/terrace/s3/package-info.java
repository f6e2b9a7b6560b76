// SPDX-License-Identifier: Apache-2.0
/**
 * Blobs on S3, and on what speaks its protocol. {@link io.terrace.s3.S3Blobs} is opened in code,
 * {@link io.terrace.s3.S3Provider} finds it by name.
 */
@NullMarked
package io.terrace.s3;

import org.jspecify.annotations.NullMarked;
