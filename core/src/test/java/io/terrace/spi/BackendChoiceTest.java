// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigSchema;
import io.terrace.config.ConfigTree;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackendChoiceTest {
    private static final Option<String> BUCKET = new Option<>("bucket", "The bucket.", text -> text, null, false);
    private static final Option<Integer> WRITERS = Option.integer("writers", 4, 1, "How many write at once.");
    private static final Option<String> KEY = new Option<>("secret-key", "Who may enter.", text -> text, "none", true);

    private final ConfigProblems problems = new ConfigProblems();

    @Test
    void aBackendIsChosenByNameAndOptions() {
        assertThat(choose(Map.of("backend", "cloud", "options", Map.of("bucket", "b", "writers", 7))))
                .hasToString("cloud{bucket=b, writers=7, secret-key=***}");
    }

    @Test
    void aBackendIsChosenByUrlWithFurtherOptionsBesideIt() {
        BackendChoice<LongTermBackend> choice =
                choose(Map.of("url", "terrace:cloud://b?writers=7", "options", Map.of("secret-key", "hunter2")));
        assertThat(choice).hasToString("cloud{bucket=b, writers=7, secret-key=***}");
        assertThat(choice.open(TerraceRuntime.system()).name()).isEqualTo("b, 7, hunter2");
    }

    @Test
    void everyProblemIsReportedWithItsPlace() {
        assertRefused(
                Map.of("backend", "cloud", "options", Map.of("bukket", "b", "writers", "none"), "colour", "red"),
                "tier.colour: unknown key 'colour'",
                "tier.options.bukket: unknown option 'bukket'; did you mean 'bucket'?",
                "tier.options: option 'bucket' is missing: The bucket.",
                "tier.options.writers: option 'writers' is 'none': expected a whole number");
        assertRefused(
                Map.of("url", "terrace:cloud://?writers=0&secret-key=hunter2"),
                "tier.url: option 'secret-key' is a secret",
                "tier: option 'bucket' is missing: The bucket.",
                "tier.url: option 'writers' cannot be read: expected a whole number of at least 1");
    }

    @Test
    void anOptionOfTheUrlCannotBeGivenAgain() {
        assertRefused(
                Map.of("url", "terrace:cloud://b", "options", Map.of("bucket", "c")),
                "tier.url: option 'bucket' is given here and under 'options'; give it once");
    }

    @Test
    void itIsEitherAUrlOrAName() {
        String either = "tier: give either a 'backend', with its 'options', or a 'url'";
        assertRefused(Map.of(), either);
        assertRefused(Map.of("options", Map.of("bucket", "b")), either);
        assertRefused(Map.of("backend", "cloud", "url", "terrace:cloud://b"), either);
        assertRefused(Map.of("backend", List.of("cloud")), "tier.backend: is a list, but must be a single value");
    }

    @Test
    void whatIsNotOnTheClassPathIsAnsweredWithWhatIs() {
        String available =
                "tier.%s: There is no backend named 'cluod' on the class path. Available: cloud (long-term).";
        assertRefused(Map.of("backend", "cluod"), String.format(available, "backend"));
        assertRefused(Map.of("url", "terrace:cluod://b"), String.format(available, "url"));
    }

    @Test
    void aNameFromAVariableIsNotQuoted() {
        ConfigTree tree = ConfigTree.of("tier", Map.of("backend", "${NAME}")).withVariables(name -> "hunter2");
        assertThat(BackendChoice.read(List.of(new Cloud()), BackendRole.LONG_TERM, tree, problems))
                .isNull();
        assertThat(message()).contains("the variable names no backend").doesNotContain("hunter2");
    }

    @Test
    void aUrlFromAVariableIsNotQuoted() {
        ConfigTree tree = ConfigTree.of("tier", Map.of("url", "terrace:cloud://b?${REST}"))
                .withVariables(name -> "hunter2=x&writers=hunter2");
        assertThat(BackendChoice.read(List.of(new Cloud()), BackendRole.LONG_TERM, tree, problems))
                .isNull();
        assertThat(message())
                .contains("option 1 is unknown", "'writers' cannot be read")
                .doesNotContain("hunter2");
    }

    private @Nullable BackendChoice<LongTermBackend> choose(Map<String, ?> section) {
        return BackendChoice.read(
                List.of(new Cloud()), BackendRole.LONG_TERM, ConfigTree.of("tier", section), problems);
    }

    private void assertRefused(Map<String, ?> section, String... expected) {
        ConfigProblems own = new ConfigProblems();
        assertThat(BackendChoice.read(List.of(new Cloud()), BackendRole.LONG_TERM, ConfigTree.of("tier", section), own))
                .isNull();
        assertThat(own.size()).isEqualTo(expected.length);
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> own.throwIfAny("It is bad"));
        assertThat(refused).hasMessageContainingAll(expected).hasMessageNotContaining("hunter2");
    }

    private String message() {
        return String.valueOf(catchThrowableOfType(ConfigurationException.class, () -> problems.throwIfAny("It is bad"))
                .getMessage());
    }

    private static final class Cloud implements BackendProvider {
        @Override
        public String name() {
            return "cloud";
        }

        @Override
        public Set<BackendRole<?>> roles() {
            return Set.of(BackendRole.LONG_TERM);
        }

        @Override
        public ConfigSchema options() {
            return ConfigSchema.of(BUCKET, WRITERS, KEY);
        }

        @Override
        public UrlForm urlForm() {
            return UrlForm.authority("bucket");
        }

        @Override
        public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
            String name = config.get(BUCKET) + ", " + config.get(WRITERS) + ", " + config.get(KEY);
            return role.type()
                    .cast(Proxy.newProxyInstance(
                            role.type().getClassLoader(),
                            new Class<?>[] {role.type()},
                            (proxy, method, arguments) -> name));
        }
    }
}
