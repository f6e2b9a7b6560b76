// SPDX-License-Identifier: Apache-2.0
/** The first lines of the README, as an application. */
@NullMarked
package io.terrace.examples.quickstart;

import org.jspecify.annotations.NullMarked;
