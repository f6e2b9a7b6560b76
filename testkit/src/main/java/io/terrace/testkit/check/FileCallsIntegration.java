// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.stream.Stream;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound that access to files blocks, {@link java.nio.channels.FileChannel} included, and keeps what it finds for
 * {@link BlockingProbe#assertNothingBlocked}. Found by BlockHound, whoever installs it; not for use by tests.
 */
public final class FileCallsIntegration implements BlockHoundIntegration {

    /** For BlockHound. */
    public FileCallsIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // A method that this JDK does not have is never found, and so does no harm.
        Stream.concat(FileCalls.EVERYWHERE.stream(), FileCalls.SOMEWHERE.stream())
                .forEach(call -> builder.markAsBlocking(call.type(), call.method(), call.descriptor()));
        builder.blockingMethodCallback(BlockedCalls::report);
    }
}
