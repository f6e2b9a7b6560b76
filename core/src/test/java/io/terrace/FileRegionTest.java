// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegionTest {

    @Test
    void aRegionLiesInItsFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (FileChannel channel = FileChannel.open(file)) {
            assertThat(new FileRegion(channel, 0, 0).length()).isZero();
            assertThat(new FileRegion(channel, 2, 5).position()).isEqualTo(2);
            assertThatThrownBy(() -> new FileRegion(channel, -1, 5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("position and length must not be negative: -1, 5");
            assertThatThrownBy(() -> new FileRegion(channel, 1, -5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("position and length must not be negative: 1, -5");
        }
    }
}
