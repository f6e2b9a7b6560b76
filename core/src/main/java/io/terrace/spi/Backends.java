// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds backends by name among those on the class path. */
public final class Backends {

    private Backends() {}

    /** All providers that can be loaded, by name. */
    public static List<BackendProvider> available() {
        return ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /**
     * Opens a backend by name. May block; not for an event loop.
     *
     * @param options by name, as text; checked against the backend's own table, all problems at once
     * @throws ConfigurationException if there is no such backend, it cannot play the role, or an option is wrong; the
     *     message names what there is instead
     */
    public static <B extends Backend> B open(
            BackendRole<B> role, String name, Map<String, String> options, TerraceRuntime runtime) {
        return open(available(), role, name, options, runtime);
    }

    static <B extends Backend> B open(
            List<BackendProvider> providers,
            BackendRole<B> role,
            String name,
            Map<String, String> options,
            TerraceRuntime runtime) {
        BackendProvider provider = find(providers, role, name);
        return provider.open(role, BackendConfig.of("backend '" + name + "'", provider.options(), options), runtime);
    }

    /** @throws ConfigurationException if there is none, or if it cannot play the role */
    static BackendProvider find(List<BackendProvider> providers, BackendRole<?> role, String name) {
        List<BackendProvider> named =
                providers.stream().filter(p -> p.name().equals(name)).toList();
        if (named.isEmpty()) {
            throw new ConfigurationException("There is no backend named '" + name + "' on the class path. Available: "
                    + describe(providers) + ". Add the dependency io.terrace:terrace-backend-" + name
                    + ", or choose one of these.");
        }
        if (named.size() > 1) {
            throw new ConfigurationException("Several backends on the class path are named '" + name + "': "
                    + named.stream().map(p -> p.getClass().getName()).sorted().collect(Collectors.joining(", "))
                    + ". Remove all but one.");
        }
        BackendProvider provider = named.get(0);
        if (!provider.roles().contains(role)) {
            throw new ConfigurationException("The backend '" + name + "' cannot be a " + role + " tier. Available: "
                    + describe(providers) + ".");
        }
        return provider;
    }

    private static String describe(List<BackendProvider> providers) {
        if (providers.isEmpty()) {
            return "none at all";
        }
        return providers.stream()
                .map(p -> p.name() + " ("
                        + p.roles().stream()
                                .map(BackendRole::label)
                                .collect(Collectors.toCollection(TreeSet::new))
                                .stream()
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining(", "));
    }
}
