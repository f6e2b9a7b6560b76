// SPDX-License-Identifier: Apache-2.0
/** The pages of {@code docs}, held to the code that they quote. */
@NullMarked
package io.terrace.verification.docs;

import org.jspecify.annotations.NullMarked;
