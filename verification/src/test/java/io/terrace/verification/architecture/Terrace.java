// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The classes that the rules are about, and the fixtures that prove that a rule bites. */
final class Terrace {
    static final String ROOT = "io.terrace";

    /** The main classes of all modules that this one depends on. */
    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Servers that backends are tested against.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT);

    private static final String FIXTURES = Terrace.class.getPackageName() + ".fixture.";

    private Terrace() {}

    static String fixtureRoot(String name) {
        return FIXTURES + name;
    }

    static JavaClasses fixture(String name) {
        return new ClassFileImporter().importPackages(fixtureRoot(name));
    }

    /** What a rule finds wrong, one text each. */
    static List<String> violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
