// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * The client closes its pools on a thread of Netty that BlockHound takes for one that must not block, and waits there for
 * the connections to be closed. It is the thread that Netty keeps for such work, and no request ever comes to it.
 */
public final class PoolCloseMayBlock implements BlockHoundIntegration {

    /** For BlockHound. */
    public PoolCloseMayBlock() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.channel.pool.SimpleChannelPool", "close");
    }
}
