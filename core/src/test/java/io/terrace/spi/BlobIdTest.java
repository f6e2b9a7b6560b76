// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.BLOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.Seeded;
import java.util.Collections;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobIdTest {

    @Test
    void thePathIsThatOfTheObjectAndTheUuid() {
        assertThat(BLOB.storagePath())
                .isEqualTo("usecase/org.17/objects/a/b/01890a5d-ac96-774b-bcce-b302099a8057")
                .isEqualTo(BLOB.toString());
        assertThat(BlobId.fromStoragePath(BLOB.storagePath())).isEqualTo(BLOB);
    }

    @Test
    void aBlobOfAnObjectIsStoredUnderTheObjectsNameAndEachOtherUnderItsPath() {
        BlobId old = BlobId.ofObject(BLOB.object());

        assertThat(old.storedName()).isEqualTo("usecase/org.17/objects/a/b");
        assertThat(BLOB.storedName()).isEqualTo(BLOB.storagePath());
        assertThat(BlobId.fromStoragePath(old.storagePath())).isEqualTo(old);
    }

    @Test
    void theLongestPathHas4096Bytes() {
        Scope widest = new Scope("n".repeat(128), "v".repeat(128));
        ObjectContext context = ObjectContext.of("u", Scopes.of(Collections.nCopies(12, widest)));
        String key = "k".repeat(4096 - 37 - context.storagePath().length());
        BlobId longest = new BlobId(ObjectId.of(context, key), BLOB.uuid());
        assertThat(longest.storagePath()).hasSize(4096);
        assertThat(BlobId.fromStoragePath(longest.storagePath())).isEqualTo(longest);
    }

    @Test
    void everyBlobIsReadBackFromItsPath() {
        String[] keys = {
            "a", "/", "a/", "//", "objects", "01890a5d-ac96-774b-bcce-b302099a8057", "a/objects/b", "漢/\uD83D\uDE00"
        };
        Seeded.cases(5000, random -> {
            String key = keys[random.nextInt(keys.length)] + keys[random.nextInt(keys.length)];
            BlobId blob =
                    new BlobId(ObjectId.of(ObjectContext.of("u"), key), new UUID(random.nextLong(), random.nextLong()));
            assertThat(BlobId.fromStoragePath(blob.storagePath())).isEqualTo(blob);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01890a5d-ac96-774b-bcce-b302099a8057",
                "/01890a5d-ac96-774b-bcce-b302099a8057",
                "u/objects/01890a5d-ac96-774b-bcce-b302099a8057",
                "u/objects//01890a5d-ac96-774b-bcce-b302099a8057",
                "u/objects/key",
                "u/objects/key/",
                "u/objects/key/1-2-3-4-5",
                "u/objects/key/01890A5D-AC96-774B-BCCE-B302099A8057",
                "u/objects/key/01890a5dac96774bbcceb302099a8057",
                "u/objects/key/01890a5d-ac96-774b-bcce-b302099a8057/",
                "u/objects/key/+1890a5d-ac96-774b-bcce-b302099a8057",
                "u/objects/../01890a5d-ac96-774b-bcce-b302099a8057",
            })
    void whatIsNoPathOfABlobIsRefused(String path) {
        assertThatThrownBy(() -> BlobId.fromStoragePath(path)).isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void theMessageNamesThePathAndTheForm() {
        assertThatThrownBy(() -> BlobId.fromStoragePath("u/objects/key/1-2-3-4-5"))
                .hasMessage(
                        "'u/objects/key/1-2-3-4-5' is not the path of a blob: its last segment must be the "
                                + "blob's UUID in lower case, as in 'usecase/objects/key/01890a5d-ac96-774b-bcce-b302099a8057'.");
    }
}
