// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ObjectNamesTest {

    private static final ObjectId OBJECT = ObjectId.of(ObjectContext.of("u"), "a/b");
    private static final BlobId BLOB = new BlobId(OBJECT, UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    private final ObjectNames names = new ObjectNames("v1");

    @Test
    void anObjectIsNamedAfterItsBlob() {
        assertThat(names.of(BLOB)).isEqualTo("v1/u/objects/a/b/01890a5d-ac96-774b-bcce-b302099a8057");
        assertThat(names.blobOf(names.of(BLOB), "u/objects/a")).isEqualTo(BLOB);
    }

    /** It is found by its name and never listed, so no sweep deletes it. */
    @Test
    void aBlobFromBeforeUploadsHadNamesIsWhereTheObjectWouldBe() {
        assertThat(names.of(BlobId.ofObject(OBJECT))).isEqualTo("v1/u/objects/a/b");
        assertThat(names.blobOf("v1/u/objects/a/b", "")).isNull();
    }
}
