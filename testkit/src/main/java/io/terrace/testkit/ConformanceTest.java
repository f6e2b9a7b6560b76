// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all classes of the kit have in common. */
@ExtendWith({RuleReporter.class, ReportWriter.class})
abstract class ConformanceTest {

    /** The rules that this backend is known to break; none by default. */
    protected List<KnownDeviation> knownDeviations() {
        return List.of();
    }

    /**
     * Tells this class from others that test the same backend in the same role, for example by the server that it runs
     * against; lower case, letters, digits and hyphens. Goes into the name of the report. Empty by default.
     */
    protected String variant() {
        return "";
    }

    /** What is under test. Asked while a test runs. */
    abstract ConformanceReport.Subject subject();
}
