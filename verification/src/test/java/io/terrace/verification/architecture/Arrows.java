// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which part may depend on which. A part is a package below the root with all below it, or the root package itself. Since a
 * part can only name parts above it in the table, there are no cycles.
 */
final class Arrows {
    static final String API = "";

    private final Map<String, Set<String>> table = new LinkedHashMap<>();

    /** The parts of Terrace. Whoever adds one says here what it stands on. */
    static Arrows ofTerrace() {
        Arrows arrows = new Arrows();
        arrows.part(API);
        arrows.part("config", API);
        arrows.part("spi", API, "config");
        arrows.part("tiered", API, "config", "spi");
        arrows.part("kv", API, "spi");
        arrows.part("inmemory", API, "config", "spi");
        arrows.part("localfs", API, "config", "spi");
        arrows.part("rocksdb", API, "config", "spi");
        arrows.part("bigtable", API, "config", "spi");
        arrows.part("s3", API, "config", "spi");
        arrows.part("gcs", API, "config", "spi");
        arrows.part("testkit", API, "config", "spi", "tiered");
        arrows.part("cli", API, "config", "spi", "tiered");
        return arrows;
    }

    private void part(String name, String... standsOn) {
        Set<String> below = Set.of(standsOn);
        if (!table.keySet().containsAll(below)) {
            throw new IllegalArgumentException(name + " names a part that comes after it: " + below);
        }
        table.put(name, below);
    }

    ArchRule rule(String root) {
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(root + "..")
                .should(new ArchCondition<>("depend only on the parts that theirs stands on") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        checkOne(root, type, events);
                    }
                });
    }

    private void checkOne(String root, JavaClass type, ConditionEvents events) {
        String part = partOf(root, type);
        Set<String> allowed = table.get(part);
        if (allowed == null) {
            events.add(SimpleConditionEvent.violated(
                    type, type.getName() + " is in the part '" + part + "', which is not in the table of arrows"));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (isBelow(root, target)) {
                String other = partOf(root, target);
                if (!other.equals(part) && !allowed.contains(other)) {
                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                }
            }
        }
    }

    private static boolean isBelow(String root, JavaClass type) {
        return (type.getPackageName() + ".").startsWith(root + ".");
    }

    private static String partOf(String root, JavaClass type) {
        String below = (type.getPackageName() + ".").substring(root.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? API : below.substring(0, dot);
    }
}
