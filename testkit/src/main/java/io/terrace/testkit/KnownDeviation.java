// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.net.URI;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/**
 * A rule that a backend is known to break. Strict: the rule's test must fail, and is then reported as skipped with the
 * reason; one that passes fails the build, so that a deviation never outlives its cause.
 *
 * @param rule the number of the rule, for example {@code HV-3.2}
 * @param reason why it is broken, and what that means for a user
 * @param url where this is discussed or tracked
 */
public record KnownDeviation(String rule, String reason, URI url) {

    public KnownDeviation {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(url, "url");
        if (reason.isBlank()) {
            throw new IllegalArgumentException("A deviation from " + rule + " needs a reason.");
        }
    }

    public static KnownDeviation of(String rule, String reason, String url) {
        return new KnownDeviation(rule, reason, URI.create(url));
    }

    /** The rule is broken, as it is known to be; ends its test as skipped. */
    static final class Confirmed extends TestAbortedException {
        private static final long serialVersionUID = 1L;

        private final transient KnownDeviation deviation;

        Confirmed(KnownDeviation deviation, Throwable failure) {
            super(
                    "Known deviation from " + deviation.rule() + ": " + deviation.reason() + " (" + deviation.url()
                            + ")",
                    failure);
            this.deviation = deviation;
        }

        KnownDeviation deviation() {
            return deviation;
        }
    }
}
