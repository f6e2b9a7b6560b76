// SPDX-License-Identifier: Apache-2.0
/** One table of options per backend, behind every way of configuring it. */
@NullMarked
package io.terrace.config;

import org.jspecify.annotations.NullMarked;
