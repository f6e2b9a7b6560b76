// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.BackendUrl;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigSchema;
import io.terrace.config.ConfigValue;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.TerraceRuntime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@link BackendProvider} must do. Extend it beside the provider, whose entry in {@code META-INF/services} must be on
 * the class path. The rules are written down in {@code docs/spec/provider.md}.
 */
public abstract class ProviderConformanceTest extends ConformanceTest {

    private static final String KEBAB = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final Pattern PLACE = Pattern.compile("<([^<>.]+)(\\.\\.\\.)?>");

    /** The provider under test. */
    protected abstract BackendProvider provider();

    /** Options with which it opens an empty store in that role. Called once for each store. */
    protected abstract Map<String, String> options(BackendRole<?> role);

    @Override
    ConformanceReport.Subject subject() {
        return new ConformanceReport.Subject(provider().name(), "provider", List.of(), List.of());
    }

    @Rule("PV-1.1")
    void theNameIsLowerCaseLettersDigitsAndHyphens() {
        assertThat(provider().name()).matches(KEBAB).isEqualTo(provider().name());
    }

    @Rule("PV-1.2")
    void theProviderIsFoundByItsName() {
        assertThat(Backends.available())
                .filteredOn(found -> found.name().equals(provider().name()))
                .as("providers named '%s' in META-INF/services/%s", provider().name(), BackendProvider.class.getName())
                .singleElement()
                .isInstanceOf(provider().getClass());
    }

    @Rule("PV-2.1")
    void itPlaysAtLeastOneOfTheRolesThereAre() {
        assertThat(provider().roles()).isNotEmpty().isSubsetOf(BackendRole.all());
    }

    @Rule("PV-2.2")
    void itOpensAHealthyBackendOfItsNameInEachOfItsRoles() {
        for (BackendRole<?> role : provider().roles()) {
            Backend backend = Backends.open(role, provider().name(), options(role), TerraceRuntime.system());
            try {
                assertThat(role.type().isInstance(backend)).as("%s", role).isTrue();
                assertThat(backend.name()).isEqualTo(provider().name());
                assertThat(Await.value(backend.check()).healthy()).isTrue();
            } finally {
                Await.done(backend.closeLater());
            }
        }
    }

    @Rule("PV-2.3")
    void itPreparesAStoreAsOftenAsItIsAskedAndOpensItThen() {
        for (BackendRole<?> role : provider().roles()) {
            BackendConfig config =
                    BackendConfig.of("the provider under test", provider().options(), options(role));
            for (int i = 0; i < 2; i++) {
                assertThat(provider().prepare(role, config, TerraceRuntime.system()))
                        .as("what was done for %s", role)
                        .matches("(?s)[A-Z].*\\.");
            }
            Await.done(provider().open(role, config, TerraceRuntime.system()).closeLater());
        }
    }

    @Rule("PV-3.1")
    void everyOptionHasANameInKebabCaseAndASentenceOfExplanation() {
        for (Option<?> option : provider().options().options()) {
            assertThat(option.name()).matches(KEBAB);
            assertThat(option.doc()).as(option.name()).matches("(?s)[A-Z].*\\.");
        }
    }

    @Rule("PV-3.2")
    void everyDefaultCanBeRead() {
        for (Option<?> option : provider().options().options()) {
            if (!option.isRequired()) {
                Object value = option.parser().apply(Objects.requireNonNull(option.defaultText()));
                assertThat(value).as(option.name()).isNotNull();
            }
        }
    }

    @Rule("PV-3.3")
    void whatIsUnknownOrMissingIsReportedAllAtOnce() {
        for (BackendRole<?> role : provider().roles()) {
            ConfigurationException refused = catchThrowableOfType(
                    ConfigurationException.class,
                    () -> Backends.open(
                            role, provider().name(), Map.of("no-such-option", "1"), TerraceRuntime.system()));

            assertThat(refused).as("%s", role).hasMessageContaining("'no-such-option'");
            for (Option<?> option : provider().options().options()) {
                if (option.isRequired()) {
                    assertThat(refused).hasMessageContaining("'" + option.name() + "'");
                }
            }
        }
    }

    @Rule("PV-3.4")
    void anOptionThatSpeaksOfASecretIsOne() {
        for (Option<?> option : provider().options().options()) {
            if (option.name().matches(".*(secret|password|token|credential|private-key).*")) {
                assertThat(option.sensitive()).as(option.name()).isTrue();
            }
        }
    }

    @Rule("PV-3.5")
    void aValueThatCannotBeReadIsRefusedByItsOptionsName() {
        for (BackendRole<?> role : provider().roles()) {
            for (Option<?> option : provider().options().options()) {
                if (isReadable(option, "\u0000")) {
                    continue;
                }
                Map<String, String> options = new HashMap<>(options(role));
                options.put(option.name(), "\u0000");
                ConfigurationException refused = catchThrowableOfType(
                        ConfigurationException.class,
                        () -> Backends.open(role, provider().name(), options, TerraceRuntime.system()));
                assertThat(refused).as("%s", role).hasMessageContaining("'" + option.name() + "'");
            }
        }
    }

    @Rule("PV-3.6")
    void aUrlGivesBackTheOptionsThatItWasMadeOf() {
        ConfigSchema schema = provider().options();
        UrlForm form = provider().urlForm();
        assertThat(form.options()).doesNotHaveDuplicates().isSubsetOf(schema.names());
        assertThat(schema.options())
                .filteredOn(option -> form.options().contains(option.name()))
                .as("options that have a place in the URL, which gets into logs and shell histories")
                .noneMatch(Option::sensitive);

        BackendUrl url = urlOfAllOptions(schema, form);
        assertThat(BackendUrl.parse(url.format())).isEqualTo(url);
        ConfigProblems problems = new ConfigProblems();
        Map<String, ConfigValue> read = url.options(schema, form, ConfigValue.of(url.format()), problems);
        problems.throwIfAny("The URL " + url.format() + " cannot be read");
        assertThat(read)
                .containsOnlyKeys(schema.options().stream()
                        .filter(option -> !option.sensitive())
                        .map(Option::name)
                        .toList())
                // A path begins with its slash.
                .allSatisfy((name, value) -> assertThat(value.text()).endsWith(anyValueOf(name)));
    }

    /** With a value for each that may be in a URL: in its place where the form has one, after the question mark if not. */
    private BackendUrl urlOfAllOptions(ConfigSchema schema, UrlForm form) {
        BackendUrl places = BackendUrl.parse(form.describe(provider().name()));
        Map<String, String> others = new LinkedHashMap<>();
        for (Option<?> option : schema.options()) {
            if (!option.sensitive() && !form.options().contains(option.name())) {
                others.put(option.name(), anyValueOf(option.name()));
            }
        }
        return new BackendUrl(
                places.backend(),
                filled(places.authority()),
                places.segments().stream().map(ProviderConformanceTest::filled).toList(),
                others);
    }

    private static String filled(String part) {
        Matcher place = PLACE.matcher(part);
        return place.matches() ? anyValueOf(place.group(1)) : part;
    }

    /** With all that means something in a URL. */
    private static String anyValueOf(String option) {
        return option + " ?&=#%@\u00fc";
    }

    private static boolean isReadable(Option<?> option, String text) {
        try {
            return option.parser().apply(text) != null;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }
}
