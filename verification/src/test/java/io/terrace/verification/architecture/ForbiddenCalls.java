// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.CorePublisher;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * What library code must not call: whatever blocks, and whatever reads a clock, a scheduler or a random source that a test
 * cannot replace. Method references count like calls.
 */
final class ForbiddenCalls {
    /** The one class that touches the real things. */
    static final String RUNTIME = Terrace.ROOT + ".spi.SystemRuntime";

    /** A scheduler that its maker owns, bounds and disposes of. Core has no use for one. */
    private static final Set<String> OWN_SCHEDULERS =
            Set.of("newBoundedElastic", "fromExecutor", "fromExecutorService");

    private static final Set<String> CORE = Set.of(
            Terrace.ROOT,
            Terrace.ROOT + ".config",
            Terrace.ROOT + ".spi",
            Terrace.ROOT + ".kv",
            Terrace.ROOT + ".tiered");

    private static final String CONSTRUCTOR = "<init>";

    private ForbiddenCalls() {}

    static ArchRule blocking(DescribedPredicate<JavaClass> library) {
        return forbid(library, "block the thread", ForbiddenCalls::blocks);
    }

    static ArchRule time(DescribedPredicate<JavaClass> library) {
        return forbid(library, "read a clock of their own", ForbiddenCalls::readsAClock);
    }

    static ArchRule randomness(DescribedPredicate<JavaClass> library) {
        return forbid(library, "draw ids or random numbers of their own", ForbiddenCalls::drawsRandomness);
    }

    static ArchRule schedulers(DescribedPredicate<JavaClass> library) {
        return forbid(library, "use a scheduler that is not theirs", ForbiddenCalls::usesAForeignScheduler);
    }

    static ArchRule console(String... except) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(except)
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .allowEmptyShould(true);
    }

    /** Everything that runs in an application: not the command, and not the kit, which runs tests. */
    static DescribedPredicate<JavaClass> library() {
        return describe("belong to the library", type -> {
            String name = type.getPackageName() + ".";
            return !name.startsWith(Terrace.ROOT + ".testkit.")
                    && !name.startsWith(Terrace.ROOT + ".cli.")
                    && !outermost(type).getName().equals(RUNTIME);
        });
    }

    private interface Target {
        boolean matches(JavaAccess<?> access, CodeUnitAccessTarget target);
    }

    private static ArchRule forbid(DescribedPredicate<JavaClass> library, String what, Target target) {
        return noClasses()
                .that(library)
                .should()
                .accessTargetWhere(describe(
                        what,
                        access -> access.getTarget() instanceof CodeUnitAccessTarget unit
                                && target.matches(access, unit)))
                .as("no class of the library may " + what);
    }

    private static boolean blocks(JavaAccess<?> access, CodeUnitAccessTarget target) {
        return calls(target, Thread.class, "sleep", "join")
                || calls(target, TimeUnit.class, "sleep", "timedJoin", "timedWait")
                || calls(target, CorePublisher.class, "toIterable", "toStream")
                || (isIn(target, CorePublisher.class) && target.getName().startsWith("block"));
    }

    private static boolean readsAClock(JavaAccess<?> access, CodeUnitAccessTarget target) {
        return calls(target, System.class, "nanoTime", "currentTimeMillis")
                || calls(target, Clock.class, "systemUTC", "systemDefaultZone", "system", "tick")
                || calls(target, Clock.class, "tickMillis", "tickSeconds", "tickMinutes")
                || (calls(target, Date.class, CONSTRUCTOR)
                        && target.getRawParameterTypes().isEmpty())
                || (target.getOwner().getPackageName().equals("java.time")
                        && target.getName().equals("now"));
    }

    private static boolean drawsRandomness(JavaAccess<?> access, CodeUnitAccessTarget target) {
        return calls(target, UUID.class, "randomUUID")
                || calls(target, Math.class, "random")
                || isIn(target, ThreadLocalRandom.class)
                || calls(target, Random.class, CONSTRUCTOR)
                || calls(target, SplittableRandom.class, CONSTRUCTOR);
    }

    private static boolean usesAForeignScheduler(JavaAccess<?> access, CodeUnitAccessTarget target) {
        if (isIn(target, Schedulers.class)) {
            boolean core = CORE.contains(access.getOriginOwner().getPackageName());
            return core || !OWN_SCHEDULERS.contains(target.getName());
        }
        // Without a scheduler, an operator that waits takes the default one, whose clock no test can drive.
        boolean waits = isIn(target, CorePublisher.class) && takes(target, Duration.class);
        return (waits && !takes(target, Scheduler.class)) || calls(target, Retry.class, "backoff", "fixedDelay");
    }

    private static boolean takes(CodeUnitAccessTarget target, Class<?> type) {
        return target.getRawParameterTypes().stream().anyMatch(parameter -> parameter.isEquivalentTo(type));
    }

    private static boolean calls(AccessTarget target, Class<?> type, String... names) {
        return isIn(target, type) && Set.of(names).contains(target.getName());
    }

    private static boolean isIn(AccessTarget target, Class<?> type) {
        return target.getOwner().isAssignableTo(type);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ForbiddenCalls::outermost).orElse(type);
    }
}
