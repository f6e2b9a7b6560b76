// SPDX-License-Identifier: Apache-2.0
/** The page of what each backend keeps, made from the reports of the conformance kit. */
@NullMarked
package io.terrace.verification.support;

import org.jspecify.annotations.NullMarked;
