// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.IncompleteExecutionException;
import org.opentest4j.TestAbortedException;

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
            throw skipped;
        } catch (Throwable failure) {
            if (known != null) {
                throw new TestAbortedException(
                        "Known deviation from " + rule.value() + ": " + known.reason() + " (" + known.url() + ")",
                        failure);
            }
            throw new AssertionError(
                    rule.value() + " is broken (" + Rules.page(rule.value()) + "): " + failure, failure);
        }
        if (known != null) {
            throw new AssertionError(
                    rule.value() + " is listed as a known deviation, but is kept. Remove it: " + known);
        }
    }

    private static ConformanceTest kitOf(ExtensionContext context) {
        return context.getRequiredTestInstances()
                .findInstance(ConformanceTest.class)
                .orElseThrow();
    }
}
