// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class S3KeysTest {

    private static final ObjectId OBJECT = ObjectId.of(ObjectContext.of("u"), "a/b");
    private static final BlobId BLOB = new BlobId(OBJECT, UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    /** Of a name, beside the key of the object: {@code v1/u/objects/} and a slash and the UUID. */
    private static final int OTHER_BYTES = 13 + 37;

    private final S3Keys keys = new S3Keys("v1");

    @Test
    void anObjectIsNamedAfterItsBlob() {
        assertThat(keys.of(BLOB)).isEqualTo("v1/u/objects/a/b/01890a5d-ac96-774b-bcce-b302099a8057");
        assertThat(keys.blobOf(keys.of(BLOB), "u/objects/a")).contains(BLOB);
    }

    /** It is found by its name and never listed, so no sweep deletes it. */
    @Test
    void aBlobFromBeforeUploadsHadNamesIsWhereTheObjectWouldBe() {
        assertThat(keys.of(BlobId.ofObject(OBJECT))).isEqualTo("v1/u/objects/a/b");
        assertThat(keys.blobOf("v1/u/objects/a/b", "")).isEmpty();
    }

    @Test
    void aNameIsMeasuredInBytes() {
        for (String one : List.of("a", "\u00e4", "\u20ac")) {
            int bytes = one.getBytes(StandardCharsets.UTF_8).length;
            int most = (1024 - OTHER_BYTES) / bytes;
            assertThat(keys.of(named(one.repeat(most)))).contains(one);
            assertThatThrownBy(() -> keys.of(named(one.repeat(most + 1)))).isInstanceOf(TooLargeException.class);
        }
    }

    private static BlobId named(String key) {
        return new BlobId(ObjectId.of(ObjectContext.of("u"), key), BLOB.uuid());
    }
}
