// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectContext;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigTree;
import io.terrace.config.ConfigValue;
import io.terrace.config.Option;
import io.terrace.spi.BackendRole;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a builder has collected so far, from calls, maps and files alike. Later ones replace earlier ones. */
final class StoreDraft {

    private static final String USECASES = "usecases";

    final TierSource<HighVolumeBackend> rows = new TierSource<>(
            BackendRole.HIGH_VOLUME, "the high-volume tier is missing: " + advice("highVolume", "high-volume"));
    final TierSource<LongTermBackend> blobs = new TierSource<>(
            BackendRole.LONG_TERM, "the long-term tier is missing: " + advice("longTerm", "long-term"));
    final TierSource<ChangeLog> log =
            new TierSource<>(BackendRole.CHANGE_LOG, "the change log is missing: " + advice("changeLog", "change-log"));

    private final Map<String, TierSource<?>> tiers = new LinkedHashMap<>();
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();
    private final Map<String, Policy> policies = new TreeMap<>();
    private final ConfigProblems found = new ConfigProblems();

    private record Policy(UsecasePolicy policy, String place) {}

    StoreDraft() {
        tiers.put(BackendRole.HIGH_VOLUME.label(), rows);
        tiers.put(BackendRole.LONG_TERM.label(), blobs);
        tiers.put(BackendRole.CHANGE_LOG.label(), log);
    }

    private static String advice(String method, String key) {
        return "call " + method + "(...), or give '" + key + "' in a configuration";
    }

    void set(Option<?> option, Object value) {
        values.put(option.name(), ConfigValue.of(value));
    }

    void set(String usecase, UsecasePolicy policy) {
        policies.put(ObjectContext.of(usecase).usecase(), new Policy(policy, ""));
    }

    /** What is wrong is kept until {@link #check}. */
    void read(ConfigTree tree) {
        found.addAll(tree.problems());
        tree.refuseOthers(keys(), found);
        for (String key : tree.keys()) {
            TierSource<?> tier = tiers.get(key);
            if (tier != null) {
                ConfigTree section = tree.section(key, found);
                if (section != null) {
                    tier.choose(section);
                }
            } else if (key.equals(USECASES)) {
                ConfigTree usecases = tree.section(key, found);
                if (usecases != null) {
                    usecases.keys().forEach(usecase -> readPolicy(usecases, usecase));
                }
            } else if (groups().contains(key)) {
                ConfigTree group = tree.section(key, found);
                if (group != null) {
                    group.values(found).forEach((name, value) -> values.put(key + "." + name, value));
                }
            } else if (keys().contains(key)) {
                ConfigValue value = tree.value(key, found);
                if (value != null) {
                    values.put(key, value);
                }
            }
        }
    }

    private void readPolicy(ConfigTree usecases, String usecase) {
        ConfigTree section = usecases.section(usecase, found);
        try {
            ObjectContext.of(usecase);
        } catch (InvalidObjectIdException notOne) {
            found.add(usecases.place(usecase), String.valueOf(notOne.getMessage()));
        }
        if (section != null) {
            UsecasePolicy policy = UsecasePolicy.read(section.values(found), section.place(), found);
            if (policy != null) {
                policies.put(usecase, new Policy(policy, section.place()));
            }
        }
    }

    /** The keys of a configuration: tiers, use cases, options, and the groups of options whose names have a dot. */
    private List<String> keys() {
        List<String> keys = new ArrayList<>(tiers.keySet());
        keys.add(USECASES);
        keys.addAll(StoreOptions.SCHEMA.names());
        keys.addAll(groups());
        return keys;
    }

    private static List<String> groups() {
        return StoreOptions.SCHEMA.names().stream()
                .filter(name -> name.indexOf('.') > 0)
                .map(name -> name.substring(0, name.indexOf('.')))
                .distinct()
                .toList();
    }

    /**
     * The values of all options.
     *
     * @throws io.terrace.ConfigurationException with everything that is wrong with what was collected
     */
    BackendConfig check() {
        ConfigProblems problems = new ConfigProblems();
        problems.addAll(found);
        tiers.values().forEach(tier -> tier.check(problems));
        BackendConfig config = BackendConfig.read(StoreOptions.SCHEMA, values, "", problems);
        StoreOptions.check(config, problems);
        config.find(StoreOptions.INLINE_THRESHOLD)
                .ifPresent(threshold -> checkPolicies(Math.toIntExact(threshold), problems));
        problems.throwIfAny("The store cannot be built");
        return config;
    }

    /** After a check that found nothing. May block. */
    Map<String, String> prepare(TerraceRuntime runtime) {
        Map<String, String> done = new LinkedHashMap<>();
        tiers.forEach((role, tier) -> done.put(role, tier.prepare(runtime)));
        return done;
    }

    private void checkPolicies(int threshold, ConfigProblems problems) {
        policies.forEach((usecase, of) -> {
            int own = of.policy().inlineThreshold(threshold);
            if (own > threshold) {
                problems.add(
                        of.place(),
                        "the policy of the use case '" + usecase + "' has an inline threshold of " + own
                                + " bytes, but the store's is " + threshold
                                + "; raise that one, and lower it for the other use cases");
            }
        });
    }

    Map<String, UsecasePolicy> policies() {
        return policies.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .policy()));
    }
}
