// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.Backend;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;

/**
 * Where the kit gets a backend from that reaches its store through a network. Made anew for each test. All methods may block;
 * each may throw, which fails the test.
 *
 * @param <B> the role that is tested
 */
public interface WiredEnvironment<B extends Backend> extends BackendEnvironment<B> {

    /** Where the server of the store listens that {@link #create()} has made. Without TLS. Asked after that. */
    InetSocketAddress server();

    /**
     * A further instance on the store of {@link #create()}, whose server it believes to be at the given address. Every
     * call of it must give up {@linkplain #deadline() in time} by itself when nothing answers. Closed by the kit.
     */
    B through(InetSocketAddress address);

    /** When a call of that instance ends at the latest, repetitions included; milliseconds. At most 5000. */
    default long deadline() {
        return 5000;
    }

    /** When calls succeed again at the latest after the network is whole again; milliseconds. At most 10000. */
    default long recovery() {
        return 10_000;
    }

    /** How many connections that instance has open at most. */
    default int connections() {
        return 64;
    }

    /**
     * What the store holds that is neither a row nor a blob, such as uploads that were begun and neither completed nor
     * aborted; asked while nothing is under way. Empty if the store has no such thing.
     */
    default Collection<String> unfinished() {
        return List.of();
    }
}
