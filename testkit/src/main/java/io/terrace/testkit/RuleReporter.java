// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.AtCapacityException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.IncompleteExecutionException;

/** Says which rule a failing test has broken, and holds known deviations to what they say. */
final class RuleReporter implements InvocationInterceptor, BeforeEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
        ConformanceTest kit = kitOf(context);
        List<String> rules = Rules.of(kit.getClass());
        for (KnownDeviation deviation : kit.knownDeviations()) {
            if (!rules.contains(deviation.rule())) {
                throw new AssertionError(
                        deviation.rule() + " is listed as a known deviation, but is no rule of this kit");
            }
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Rule rule = method.getExecutable().getAnnotation(Rule.class);
        if (rule == null) {
            test.proceed();
            return;
        }
        Map<String, KnownDeviation> deviations = kitOf(context).knownDeviations().stream()
                .collect(Collectors.toMap(KnownDeviation::rule, Function.identity()));
        KnownDeviation known = deviations.get(rule.value());
        try {
            test.proceed();
        } catch (IncompleteExecutionException skipped) {
            throw ofSkipped(rule, known, skipped);
        } catch (Throwable failure) {
            if (known != null) {
                throw new KnownDeviation.Confirmed(known, failure);
            }
            throw new AssertionError(brokenBy(failure, rule, method.getExecutable()), failure);
        }
        if (known != null) {
            throw new AssertionError(
                    rule.value() + " is listed as a known deviation, but is kept. Remove it: " + known);
        }
    }

    /** The name of a rule's method is what it asks for. */
    private static String brokenBy(Throwable failure, Rule rule, Method test) {
        String sentence = test.getName().replaceAll("(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT);
        String message = failure.getMessage();
        String found = failure instanceof AssertionError && message != null ? message : failure.toString();
        String hint = isAtCapacity(failure) ? " The kit makes more than 16 calls at once; make the queue longer." : "";
        return rule.value() + " is broken (" + Rules.page(rule.value()) + "): " + sentence + ": " + found + hint;
    }

    private static boolean isAtCapacity(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AtCapacityException) {
                return true;
            }
        }
        return false;
    }

    /** A rule that every backend keeps cannot have nothing to check, and a deviation has something that fails. */
    private static Throwable ofSkipped(
            Rule rule, @Nullable KnownDeviation known, IncompleteExecutionException skipped) {
        if (known != null) {
            return new AssertionError(
                    rule.value() + " is listed as a known deviation, but is not checked. Remove it: " + known, skipped);
        }
        return rule.requirement() == Requirement.CAPABILITY
                ? skipped
                : new AssertionError(
                        rule.value() + " was skipped, but is not marked as a CAPABILITY: " + skipped.getMessage(),
                        skipped);
    }

    static ConformanceTest kitOf(ExtensionContext context) {
        return context.getRequiredTestInstances()
                .findInstance(ConformanceTest.class)
                .orElseThrow();
    }
}
