// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all classes of the kit have in common. */
@ExtendWith(RuleReporter.class)
abstract class ConformanceTest {

    /** The rules that this backend is known to break; none by default. */
    protected List<KnownDeviation> knownDeviations() {
        return List.of();
    }
}
