// SPDX-License-Identifier: Apache-2.0
/** A backend that somebody else wrote: rows in memory, kept in a file. {@code docs/write-a-backend.md} walks through it. */
@NullMarked
package com.example.journal;

import org.jspecify.annotations.NullMarked;
