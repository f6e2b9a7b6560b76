// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test of the kit, and the one rule that it checks. */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Rule {

    /** The number of the rule in {@code docs/spec}, for example {@code HV-3.2}. */
    String value();

    /** Whether every backend must keep it. A rule whose test may be skipped is a {@link Requirement#CAPABILITY}. */
    Requirement requirement() default Requirement.REQUIRED;
}
