// SPDX-License-Identifier: Apache-2.0
/** Objects over HTTP: a store behind Spring WebFlux. {@link io.terrace.examples.webflux.DataBuffers} is made to be copied. */
@NullMarked
package io.terrace.examples.webflux;

import org.jspecify.annotations.NullMarked;
