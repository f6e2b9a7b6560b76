// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A write, its caller who gives up, and its timeout, all at once: only one of them ends it. */
@Tag("lincheck")
public class CommitPointLincheckTest {

    private final CommitPoint point = new CommitPoint(null);

    @Operation
    public boolean pass() {
        return point.pass();
    }

    @Operation
    public boolean cancel() {
        return point.cancel();
    }

    @Operation
    public boolean close() {
        return point.close();
    }

    @Operation
    public boolean goOnBehindAnswer() {
        return point.goOnBehindAnswer();
    }

    @Operation
    public boolean closeBehindAnswer() {
        return point.closeBehindAnswer();
    }

    @Test
    void everyInterleavingIsOneOfSteps() {
        Interleavings.check(CommitPointLincheckTest.class);
    }
}
