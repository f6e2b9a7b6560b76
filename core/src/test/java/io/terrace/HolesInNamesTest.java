// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that let the reference lose or confuse objects. Here no value with such a name can be made, so nothing can be
 * stored under it.
 */
class HolesInNamesTest {

    /** H24: such a use case makes one storage path mean two objects, or none. */
    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a/x.y", "/", "a/", "/a", "a/objects", "a/objects/b", "a%2Fb", "a\\b"})
    void h24AUsecaseWithASlashIsRefusedBeforeAnythingIsStored(String usecase) {
        assertThatThrownBy(() -> ObjectContext.of(usecase)).isInstanceOf(InvalidObjectIdException.class);
        assertThatThrownBy(() -> ObjectContext.of(usecase, Scopes.none().and("org", "17")))
                .isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void h24TheMessageNamesTheUsecaseTheCharacterAndTheRemedy() {
        assertThatThrownBy(() -> ObjectContext.of("a/x.y"))
                .hasMessage("use case 'a/x.y' has a forbidden character at index 1; use only A-Z a-z 0-9 _ . -");
    }

    @Test
    void h24TheAliasThatASlashWouldMakeIsTheScopeAlone() {
        ObjectId scoped = ObjectId.of(ObjectContext.of("a", Scopes.none().and("x", "y")), "key");
        assertThat(scoped.storagePath()).isEqualTo("a/x.y/objects/key");
        assertThat(ObjectId.fromStoragePath("a/x.y/objects/key")).isEqualTo(scoped);
        assertThatThrownBy(() -> ObjectId.parse("a/x.y/_/key")).isInstanceOf(InvalidObjectIdException.class);
    }

    /** H25: URL libraries remove such segments, so that a client reads and writes another object than it named. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "./a",
                "../a",
                "a/.",
                "a/..",
                "a/./b",
                "a/../b",
                "/.",
                "/..",
                "../../etc/passwd",
                "a//.."
            })
    void h25AKeyWithADotSegmentIsRefusedBeforeAnythingIsStored(String key) {
        assertThatThrownBy(() -> ObjectId.of(ObjectContext.of("usecase"), key))
                .isInstanceOf(InvalidObjectIdException.class);
        assertThatThrownBy(() -> ObjectId.parse("usecase/_/" + key)).isInstanceOf(InvalidObjectIdException.class);
        assertThatThrownBy(() -> ObjectId.fromStoragePath("usecase/objects/" + key))
                .isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void h25TheMessageNamesTheKeyTheSegmentAndTheRemedy() {
        assertThatThrownBy(() -> ObjectId.of(ObjectContext.of("usecase"), "a/../b"))
                .hasMessage("key 'a/../b' has the dot segment '..', which URLs and file systems rewrite; "
                        + "encode or rename it");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void h25AUsecaseThatIsADotSegmentIsRefused(String usecase) {
        assertThatThrownBy(() -> ObjectContext.of(usecase))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("use case '" + usecase + "' is a dot segment, which URLs and file systems rewrite; "
                        + "choose a name");
    }

    /** Otherwise the rule would forbid ordinary file names. */
    @ParameterizedTest
    @ValueSource(strings = {"...", ".a", "a.", "..a", "a..", "a..b", ".a/b.", "a/.../b", "%2e%2e", "a/%2e%2e/b"})
    void h25DotsWithinASegmentAreOrdinary(String key) {
        ObjectId id = ObjectId.of(ObjectContext.of("usecase"), key);
        assertThat(ObjectId.fromStoragePath(id.storagePath())).isEqualTo(id);
    }
}
