// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetadataPatchTest {

    private static final ObjectMetadata STORED = ObjectMetadata.builder()
            .contentType("image/png")
            .filename("a.png")
            .origin("203.0.113.7")
            .custom("k", "v")
            .build()
            .stampedAt(Instant.EPOCH)
            .sized(7);

    @Test
    void anEmptyPatchChangesNothing() {
        assertThat(MetadataPatch.builder().build().applyTo(STORED, Instant.MAX)).isEqualTo(STORED);
    }

    @Test
    void aFieldSetToNullIsRemovedAndOneNotNamedStays() {
        MetadataPatch patch = MetadataPatch.builder()
                .filename(null)
                .removeCustom("k")
                .removeCustom("never")
                .build();
        ObjectMetadata next = patch.applyTo(STORED, Instant.EPOCH);
        assertThat(next.filename()).isNull();
        assertThat(next.custom()).isEmpty();
        assertThat(next.origin()).isEqualTo("203.0.113.7");
        assertThat(next.size()).isEqualTo(7);
        assertThat(next.timeCreated()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aBuilderThatGoesOnDoesNotChangeWhatItBuilt() {
        MetadataPatch.Builder builder = MetadataPatch.builder();
        MetadataPatch empty = builder.build();
        builder.custom("late", "1");
        assertThat(empty.applyTo(STORED, Instant.EPOCH)).isEqualTo(STORED);
    }

    @Test
    void aMalformedResultIsRefused() {
        MetadataPatch patch = MetadataPatch.builder().contentType("no type").build();
        assertThatThrownBy(() -> patch.applyTo(STORED, Instant.EPOCH)).isInstanceOf(InvalidMetadataException.class);
    }
}
