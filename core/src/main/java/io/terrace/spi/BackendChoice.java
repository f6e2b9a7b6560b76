// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.BackendUrl;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigTree;
import io.terrace.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend that was found, with options that are right: all that is left is to open it. */
public final class BackendChoice<B extends Backend> {

    /** What a section that chooses a backend has: {@code url}, or {@code backend}; and {@code options} beside either. */
    private static final List<String> KEYS = List.of("backend", "url", "options");

    private final BackendProvider provider;
    private final BackendRole<B> role;
    private final BackendConfig config;

    private BackendChoice(BackendProvider provider, BackendRole<B> role, BackendConfig config) {
        this.provider = provider;
        this.role = role;
        this.config = config;
    }

    /**
     * Reads a section with a {@code url}, or with the name of a {@code backend}, and its {@code options} beside either.
     *
     * @param problems gets all that is wrong
     * @return {@code null} if something is
     */
    public static <B extends Backend> @Nullable BackendChoice<B> read(
            BackendRole<B> role, ConfigTree section, ConfigProblems problems) {
        return read(Backends.available(), role, section, problems);
    }

    static <B extends Backend> @Nullable BackendChoice<B> read(
            List<BackendProvider> providers, BackendRole<B> role, ConfigTree section, ConfigProblems problems) {
        int before = problems.size();
        section.refuseOthers(KEYS, problems);
        ConfigValue name = section.value("backend", problems);
        ConfigValue url = section.value("url", problems);
        ConfigTree options = section.section("options", problems);
        Map<String, ConfigValue> given = new LinkedHashMap<>(options == null ? Map.of() : options.values(problems));
        if ((name == null) == (url == null)) {
            if (name != null || problems.size() == before) {
                problems.add(section.place(), "give either a 'backend', with its 'options', or a 'url'");
            }
            return null;
        }
        BackendUrl parsed = url == null ? null : BackendUrl.parse(url, problems);
        ConfigValue named = name != null ? name : url;
        if (named == null || (url != null && parsed == null)) {
            return null;
        }
        BackendProvider provider =
                find(providers, role, parsed == null ? named.text() : parsed.backend(), named, problems);
        if (provider == null) {
            return null;
        }
        if (parsed != null && url != null) {
            parsed.options(provider.options(), provider.urlForm(), url, problems)
                    .forEach((option, value) -> {
                        if (given.putIfAbsent(option, value) != null) {
                            problems.add(
                                    value.place(),
                                    "option '" + option + "' is given here and under 'options'; give it once");
                        }
                    });
        }
        String place = section.place() + (options == null ? "" : ".options");
        BackendConfig config = BackendConfig.read(provider.options(), given, place, problems);
        return problems.size() > before ? null : new BackendChoice<>(provider, role, config);
    }

    private static @Nullable BackendProvider find(
            List<BackendProvider> providers,
            BackendRole<?> role,
            String name,
            ConfigValue given,
            ConfigProblems problems) {
        try {
            return Backends.find(providers, role, name);
        } catch (ConfigurationException none) {
            problems.add(
                    given.place(),
                    given.hidden()
                            ? "the variable names no backend that is on the class path and can be a " + role + " tier"
                            : String.valueOf(none.getMessage()));
            return null;
        }
    }

    /** Opens it, as {@link BackendProvider#open} says. May block; not for an event loop. */
    public B open(TerraceRuntime runtime) {
        return provider.open(role, config, runtime);
    }

    /** Makes what must be there before, as {@link BackendProvider#prepare} says. May block; not for an event loop. */
    public String prepare(TerraceRuntime runtime) {
        return provider.prepare(role, config, runtime);
    }

    /** Its name and its options; secrets as {@code ***}. */
    @Override
    public String toString() {
        return provider.name() + config;
    }
}
