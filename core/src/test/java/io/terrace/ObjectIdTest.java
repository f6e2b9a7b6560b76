// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectIdTest {
    private static final String USECASE_CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

    private final ObjectContext context = ObjectContext.of("usecase");

    @Test
    void exactlyTheAllowedCharactersMayBeInAUsecase() {
        for (char c = 0; c < 0x3000; c++) {
            String usecase = "x" + c;
            if (USECASE_CHARACTERS.indexOf(c) >= 0) {
                assertThat(ObjectContext.of(usecase).usecase()).isEqualTo(usecase);
            } else {
                assertThatThrownBy(() -> ObjectContext.of(usecase)).isInstanceOf(InvalidObjectIdException.class);
            }
        }
    }

    @Test
    void aUsecaseHasOneTo128Characters() {
        assertThat(ObjectContext.of("u".repeat(128)).usecase()).hasSize(128);
        assertThatThrownBy(() -> ObjectContext.of("")).hasMessage("use case has 0 characters; use 1 to 128");
        assertThatThrownBy(() -> ObjectContext.of("u".repeat(129)))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("use case has 129 characters; use 1 to 128");
    }

    @Test
    void aContextIsWrittenAsUsecaseAndScopes() {
        ObjectContext scoped = ObjectContext.of("usecase", Scopes.parse("org=17;project=42"));
        assertThat(scoped.apiPath()).isEqualTo("usecase/org=17;project=42").isEqualTo(scoped.toString());
        assertThat(scoped.storagePath()).isEqualTo("usecase/org.17/project.42/objects/");
        assertThat(context.apiPath()).isEqualTo("usecase/_");
        assertThat(context.storagePath()).isEqualTo("usecase/objects/");
    }

    @Test
    void aKeyIsNotEmpty() {
        assertThatThrownBy(() -> ObjectId.of(context, ""))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("the key is empty; choose a key, or let the store generate one");
    }

    @Test
    void aKeyHasAtMost1024BytesOfUtf8() {
        for (String unit : new String[] {"a", "é", "漢", "\uD83D\uDE00"}) {
            int bytes = unit.getBytes(StandardCharsets.UTF_8).length;
            String longest = unit.repeat(1024 / bytes) + "a".repeat(1024 % bytes);
            assertThat(ObjectId.of(context, longest).key()).isEqualTo(longest);
            assertThatThrownBy(() -> ObjectId.of(context, longest + "a"))
                    .isInstanceOf(InvalidObjectIdException.class)
                    .hasMessageEndingWith(" has 1025 bytes of UTF-8; use at most 1024, for example a hash of it");
        }
    }

    @Test
    void aKeyHasNoControlCharacter() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String key = "a" + (char) c + "b";
            if (Character.getType(c) == Character.CONTROL) {
                assertThatThrownBy(() -> ObjectId.of(context, key))
                        .isInstanceOf(InvalidObjectIdException.class)
                        .hasMessageContaining(" has a control character at index 1; remove or encode it");
            } else if (!Character.isSurrogate((char) c)) {
                assertThat(ObjectId.of(context, key).key()).isEqualTo(key);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "\uDC00", "a\uD83D", "\uDE00a", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"})
    void aKeyHasNoUnpairedSurrogate(String key) {
        assertThatThrownBy(() -> ObjectId.of(context, key))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessageEndingWith(" has an unpaired surrogate and therefore no UTF-8 form; repair the text");
    }

    @Test
    void aStoragePathHasRoomForABlobIdIn4096Bytes() {
        ObjectContext wide = contextOfPathLength(4096 - 37 - 10);
        assertThat(ObjectId.of(wide, "0123456789").storagePath()).hasSize(4059);
        assertThatThrownBy(() -> ObjectId.of(wide, "0123456789x"))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("the storage path of key '0123456789x' takes 4060 bytes; at most 4059 are possible, "
                        + "so use fewer scopes or a shorter key");
        assertThatThrownBy(() -> ObjectId.of(wide, "012345678é")).isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void aContextLeavesRoomForAKey() {
        assertThat(contextOfPathLength(4058).storagePath()).hasSize(4058);
        assertThatThrownBy(() -> contextOfPathLength(4059))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage(
                        "the context of use case 'u' takes 4059 bytes of the storage path and leaves no room for a key; "
                                + "use fewer or shorter scopes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "usecase/key", "usecase/_/", "usecase//key", "/_/key", "usecase/org/key"})
    void aMalformedNameIsRefused(String name) {
        assertThatThrownBy(() -> ObjectId.parse(name)).isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void aNameWithTooFewPartsIsRefusedWithTheForm() {
        assertThatThrownBy(() -> ObjectId.parse("usecase/key"))
                .hasMessage("object name 'usecase/key' has fewer than three parts; "
                        + "write usecase/scopes/key, with _ for no scopes");
    }

    @Test
    void aNameIsReadLiterally() {
        ObjectId id = ObjectId.parse("usecase/org=17/a/b%2Fc d");
        assertThat(id.key()).isEqualTo("a/b%2Fc d");
        assertThat(id.context().scopes().value("org")).contains("17");
        assertThat(id).hasToString("usecase/org=17/a/b%2Fc d");
    }

    @Test
    void canonicallyEquivalentKeysAreDifferentKeys() {
        assertThat(ObjectId.of(context, "é")).isNotEqualTo(ObjectId.of(context, "e\u0301"));
    }

    @Test
    void aMessageCannotForgeALineOrGrowWithTheInput() {
        assertThatThrownBy(() -> ObjectId.of(context, "a\nERROR all is lost\u001b[31m"))
                .hasMessageContaining("'a\\u000aERROR all is lost\\u001b[31m'")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ObjectId.of(context, "x".repeat(1_000_000)))
                .hasMessageContaining("xxx...'")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    private static ObjectContext contextOfPathLength(int length) {
        // "u" + "/" + scopes + "/objects/"
        int left = length - 11;
        Scopes scopes = Scopes.none();
        while (left > 0) {
            // One scope takes its name, a dot, its value and, but for the first, a slash.
            int slash = scopes.isEmpty() ? 0 : 1;
            int value = Math.min(128, left - slash - 2);
            if (left - slash - 2 - value == 1 || left - slash - 2 - value == 2 || left - slash - 2 - value == 3) {
                value -= 3;
            }
            scopes = scopes.and("n", "v".repeat(value));
            left -= slash + 2 + value;
        }
        return ObjectContext.of("u", scopes);
    }
}
