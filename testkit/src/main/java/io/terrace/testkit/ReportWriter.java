// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.testkit.ConformanceReport.Outcome;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Follows the tests of one class of the kit and writes the {@link ConformanceReport} when all are done. */
final class ReportWriter implements BeforeAllCallback, BeforeTestExecutionCallback, TestWatcher, AfterAllCallback {

    /** A configuration parameter of JUnit, which may also be given as a system property. */
    static final String DIRECTORY = "terrace.conformance.directory";

    /** Which class has written a file in this process: a second one would hide what the first one found. */
    private static final Map<Path, Class<?>> WRITERS = new ConcurrentHashMap<>();

    private static final String DEFAULT_DIRECTORY = "target/terrace-conformance";
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ReportWriter.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isKit(context)) {
            context.getStore(NAMESPACE)
                    .put(ConformanceReport.class, new ConformanceReport(context.getRequiredTestClass()));
        }
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        reportOf(context).describe(RuleReporter.kitOf(context));
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        ended(context, Outcome.KEPT);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        ended(context, Outcome.broken(cause == null ? new AssertionError() : cause));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        if (cause instanceof KnownDeviation.Confirmed confirmed) {
            ended(context, Outcome.deviates(confirmed.deviation()));
        } else {
            ended(context, Outcome.skipped(cause == null ? null : cause.getMessage()));
        }
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        ended(context, Outcome.skipped(reason.orElse(null)));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (isKit(context)) {
            String directory = context.getConfigurationParameter(DIRECTORY).orElse(DEFAULT_DIRECTORY);
            reportOf(context).write(Path.of(directory), WRITERS);
        }
    }

    private static void ended(ExtensionContext context, Outcome outcome) {
        Method test = context.getRequiredTestMethod();
        Rule rule = test.getAnnotation(Rule.class);
        if (rule != null) {
            reportOf(context).ended(rule, outcome);
        }
    }

    /** The groups of rules are classes nested in it. */
    private static boolean isKit(ExtensionContext context) {
        return ConformanceTest.class.isAssignableFrom(context.getRequiredTestClass());
    }

    private static ConformanceReport reportOf(ExtensionContext context) {
        ConformanceReport report = context.getStore(NAMESPACE).get(ConformanceReport.class, ConformanceReport.class);
        if (report == null) {
            throw new IllegalStateException("no class of the kit around " + context.getUniqueId());
        }
        return report;
    }
}
