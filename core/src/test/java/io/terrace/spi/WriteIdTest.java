// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WriteIdTest {

    @Test
    void aFreshIdIsUnconditionalUntilItIsMarked() {
        for (int i = 0; i < 1000; i++) {
            WriteId fresh = TerraceRuntime.system().newWriteId();
            assertThat(fresh.isConditional()).isFalse();
            assertThat(fresh.conditional().isConditional()).isTrue();
            assertThat(fresh.conditional()).isNotEqualTo(fresh);
        }
    }

    @Test
    void theMarkIsPartOfTheStoredId() {
        WriteId id = TerraceRuntime.system().newWriteId().conditional();
        ByteBuffer bytes = ByteBuffer.allocate(WriteId.BYTES);
        id.writeTo(bytes);
        assertThat(WriteId.readFrom(bytes.flip())).isEqualTo(id);
    }
}
