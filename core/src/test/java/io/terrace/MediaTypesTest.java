// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png", "application/octet-stream", "application/vnd.api+json", "text/plain; charset=utf-8",
                "text/plain;charset=\"utf-8\"", "text/plain ; a=b; c=d", "multipart/form-data; boundary=\"a;b\\\"c d\"",
                        "a/b",
                "x/y;", "x/y;;a=b", "TEXT/HTML"
            })
    void aTypeASubtypeAndParametersAreAMediaType(String text) {
        assertThat(ObjectMetadata.of(text).contentType()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "image",
                "image/",
                "/png",
                "image/png/x",
                "image /png",
                "image/ png",
                " image/png",
                "image/png ",
                "image/png; ",
                "image/png x",
                "image/png;a",
                "image/png;a=",
                "image/png;=b",
                "image/png; a= b",
                "image/png;a=\"b",
                "image/png;a=\"b\\",
                "image/png;a=\"\u0007\"",
                "image/png\r\nX-Evil: 1",
                "bild/größe",
                "image/png,image/gif"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ObjectMetadata.of(text)).isInstanceOf(InvalidMetadataException.class);
    }

    @Test
    void theMessageNamesTheTypeAndTheForm() {
        assertThatThrownBy(() -> ObjectMetadata.of("png"))
                .hasMessage("content type 'png' is not a media type; write type/subtype, for example image/png");
    }
}
