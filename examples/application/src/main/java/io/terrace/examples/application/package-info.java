// SPDX-License-Identifier: Apache-2.0
/** A class of an application over a store. {@code docs/test-your-application.md} tests it. */
@NullMarked
package io.terrace.examples.application;

import org.jspecify.annotations.NullMarked;
