// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {

    @Test
    void theNameOfTheContentCodingIsReadBack() {
        for (Compression compression : Compression.values()) {
            assertThat(Compression.parse(compression.toString())).isEqualTo(compression);
        }
        assertThat(Compression.ZSTD).hasToString("zstd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gzip", "br", "Zstd", "ZSTD", "zstd ", "zstd, gzip", "identity"})
    void anotherCodingIsRefused(String text) {
        assertThatThrownBy(() -> Compression.parse(text))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage("compression '" + text + "' is not known; use zstd, or send the bytes without an encoding");
    }
}
