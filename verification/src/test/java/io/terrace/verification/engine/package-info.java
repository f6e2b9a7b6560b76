// SPDX-License-Identifier: Apache-2.0
/** The tiered engine, as an application sees it, over tiers that can be told to fail. */
@NullMarked
package io.terrace.verification.engine;

import org.jspecify.annotations.NullMarked;
