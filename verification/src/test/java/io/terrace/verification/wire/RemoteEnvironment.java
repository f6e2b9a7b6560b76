// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Backend;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.WiredEnvironment;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** A server on a store in memory, and clients with a flaw that reach it. */
final class RemoteEnvironment<B extends Backend> implements WiredEnvironment<B> {

    private static final int DEADLINE_MILLIS = 1500;
    private static final int RECOVERY_MILLIS = 3000;

    private final RemoteServer server = new RemoteServer();
    private final Flaw flaw;
    private final B store;
    private final BiFunction<B, RemoteCalls, B> client;

    private RemoteEnvironment(Flaw flaw, B store, BiFunction<B, RemoteCalls, B> client) {
        this.flaw = flaw;
        this.store = store;
        this.client = client;
    }

    static WiredEnvironment<HighVolumeBackend> ofRows(Flaw flaw) {
        InMemoryRows rows = InMemoryRows.create(TerraceRuntime.system());
        return new RemoteEnvironment<>(flaw, rows, (store, calls) -> new RemoteRows(rows, calls));
    }

    static WiredEnvironment<LongTermBackend> ofBlobs(Flaw flaw) {
        InMemoryBlobs blobs = InMemoryBlobs.create();
        return new RemoteEnvironment<>(flaw, blobs, (store, calls) -> new RemoteBlobs(blobs, calls));
    }

    @Override
    public B create() {
        return store;
    }

    @Override
    public InetSocketAddress server() {
        return server.address();
    }

    @Override
    public B through(InetSocketAddress address) {
        return client.apply(store, new RemoteCalls(address, server.desk(), flaw));
    }

    @Override
    public long deadline() {
        return DEADLINE_MILLIS;
    }

    @Override
    public long recovery() {
        return RECOVERY_MILLIS;
    }

    @Override
    public int connections() {
        return RemoteConnections.MOST;
    }

    @Override
    public Collection<String> unfinished() {
        return store.facet(UploadSessionListing.class)
                .map(listing -> listing.sessions("")
                        .map(UploadSession::toString)
                        .collectList()
                        .block())
                .orElse(List.of());
    }

    @Override
    public void cleanup(B backend) {
        server.close();
        WiredEnvironment.super.cleanup(backend);
    }
}
