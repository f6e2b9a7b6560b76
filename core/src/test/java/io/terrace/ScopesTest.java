// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {
    private static final String ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-()$!+'";

    private final Scopes two = Scopes.none().and("org", "17").and("project", "42");

    @Test
    void exactlyTheAllowedCharactersMayBeInNamesAndValues() {
        for (char c = 0; c < 0x3000; c++) {
            String text = "x" + c;
            if (ALLOWED.indexOf(c) >= 0) {
                assertThat(new Scope(text, text)).isEqualTo(new Scope(text, text));
            } else {
                assertThatThrownBy(() -> new Scope(text, "v")).isInstanceOf(InvalidObjectIdException.class);
                assertThatThrownBy(() -> new Scope("n", text)).isInstanceOf(InvalidObjectIdException.class);
            }
        }
    }

    @Test
    void aForbiddenCharacterIsNamedWithItsPlaceAndTheRemedy() {
        assertThatThrownBy(() -> new Scope("org", "1.7"))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("scope value '1.7' has a forbidden character at index 1; "
                        + "use only A-Z a-z 0-9 and _-()$!+'");
    }

    @Test
    void namesAndValuesHaveOneTo128Characters() {
        String longest = "x".repeat(128);
        assertThat(new Scope(longest, longest).value()).hasSize(128);
        assertThatThrownBy(() -> new Scope("", "v")).hasMessage("scope name has 0 characters; use 1 to 128");
        assertThatThrownBy(() -> new Scope("n", "")).hasMessage("scope value has 0 characters; use 1 to 128");
        assertThatThrownBy(() -> new Scope(longest + "x", "v"))
                .hasMessage("scope name has 129 characters; use 1 to 128");
    }

    @Test
    void atMost32ScopesMakeAContext() {
        Scope scope = new Scope("n", "v");
        assertThat(Scopes.of(Collections.nCopies(32, scope)).asList()).hasSize(32);
        assertThatThrownBy(() -> Scopes.of(Collections.nCopies(33, scope)))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("33 scopes in one context; use at most 32 and put the rest in the key");
    }

    @Test
    void theStoragePathJoinsWithDotsAndSlashes() {
        assertThat(two.storagePath()).isEqualTo("org.17/project.42");
        assertThat(Scopes.none().storagePath()).isEmpty();
    }

    @Test
    void theApiPathJoinsWithEqualsSignsAndSemicolons() {
        assertThat(two.apiPath()).isEqualTo("org=17;project=42").isEqualTo(two.toString());
        assertThat(Scopes.none().apiPath()).isEqualTo("_");
    }

    @Test
    void theApiPathIsReadBack() {
        assertThat(Scopes.parse("org=17;project=42")).isEqualTo(two);
        assertThat(Scopes.parse("org=17").asList()).containsExactly(new Scope("org", "17"));
        assertThat(Scopes.parse("_")).isEqualTo(Scopes.none());
        assertThat(Scopes.parse("_=_").asList()).containsExactly(new Scope("_", "_"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ";", "org", "org=", "=17", "org=17;", ";org=17", "org=1=7", "org=17;;a=b", "__", "_;a=b"})
    void aMalformedApiPathIsRefused(String path) {
        assertThatThrownBy(() -> Scopes.parse(path)).isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void aScopeWithoutSeparatorIsNamedWithTheWhole() {
        assertThatThrownBy(() -> Scopes.parse("org=17;project"))
                .hasMessage("scope 'project' in 'org=17;project' has no '='; write each scope as name=value");
    }

    @Test
    void scopesAreAddedAtTheEndAndTheOriginalStays() {
        Scopes one = Scopes.of(new Scope("org", "17"));
        assertThat(one.and("project", "42")).isEqualTo(two);
        assertThat(one.asList()).hasSize(1);
        assertThat(two.asList()).containsExactly(new Scope("org", "17"), new Scope("project", "42"));
    }

    @Test
    void anAddedScopeIsValidated() {
        assertThatThrownBy(() -> two.and("a", "b/c")).isInstanceOf(InvalidObjectIdException.class);
        assertThatThrownBy(() -> two.and("", "b")).isInstanceOf(InvalidObjectIdException.class);
    }

    @Test
    void aValueIsFoundByItsName() {
        assertThat(two.value("project")).contains("42");
        assertThat(two.value("Project")).isEmpty();
        assertThat(two.and("org", "18").value("org")).contains("17");
    }

    @Test
    void onlyNoScopesAreEmpty() {
        assertThat(Scopes.none().isEmpty()).isTrue();
        assertThat(Scopes.of(List.of()).isEmpty()).isTrue();
        assertThat(two.isEmpty()).isFalse();
    }

    @Test
    void orderAndRepetitionArePartOfTheIdentity() {
        Scopes other = Scopes.none().and("project", "42").and("org", "17");
        assertThat(two).isNotEqualTo(other).hasSameHashCodeAs(Scopes.parse("org=17;project=42"));
        assertThat(two).isNotEqualTo(two.and("org", "17"));
    }
}
