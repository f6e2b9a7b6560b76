// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class S3KeysTest {

    private static final ObjectId OBJECT = ObjectId.of(ObjectContext.of("u"), "a/b");
    private static final BlobId BLOB = new BlobId(OBJECT, UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

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
}
