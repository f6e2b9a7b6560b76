// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reader, its discard, and the timeout of what nobody reads, all at once: what is held is released by one of them. */
@Tag("lincheck")
public class OneReaderLincheckTest {

    private final OneReader reader = new OneReader();

    @Operation
    public boolean takeBody() {
        try {
            reader.takeBody();
            return true;
        } catch (IllegalStateException taken) {
            return false;
        }
    }

    @Operation
    public void takeFile() {
        reader.takeFile();
    }

    @Operation
    public boolean discard() {
        return reader.discard();
    }

    @Operation
    public boolean giveUp() {
        return reader.giveUp();
    }

    @Test
    void everyInterleavingIsOneOfSteps() {
        Interleavings.check(OneReaderLincheckTest.class);
    }
}
