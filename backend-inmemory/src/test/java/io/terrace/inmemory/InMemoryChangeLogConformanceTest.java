// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.ChangeLog;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.ChangeLogConformanceTest;

class InMemoryChangeLogConformanceTest extends ChangeLogConformanceTest {

    @Override
    protected BackendEnvironment<ChangeLog> environment() {
        return BackendEnvironment.of(InMemoryChangeLog::create);
    }
}
