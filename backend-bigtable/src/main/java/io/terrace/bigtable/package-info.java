// SPDX-License-Identifier: Apache-2.0
/**
 * Rows on Google Cloud Bigtable. {@link io.terrace.bigtable.BigtableRows} opens them in code,
 * {@link io.terrace.bigtable.BigtableProvider} by name.
 *
 * <p>Needs an application profile with single-cluster routing that allows single-row transactions: each write is one
 * CheckAndMutateRow, and a read must see it.
 */
@NullMarked
package io.terrace.bigtable;

import org.jspecify.annotations.NullMarked;
