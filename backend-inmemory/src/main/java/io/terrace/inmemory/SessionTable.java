// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import io.terrace.spi.UploadSession;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The uploads in parts that have neither been completed nor aborted, in the order in which they started. */
final class SessionTable {

    private final ConcurrentNavigableMap<String, Session> sessions = new ConcurrentSkipListMap<>();
    private final AtomicLong started = new AtomicLong();
    private final Capacity capacity;

    SessionTable(Capacity capacity) {
        this.capacity = capacity;
    }

    UploadSession start(BlobId id, ObjectMetadata metadata) {
        UploadSession name = new UploadSession(id, "upload-" + started.incrementAndGet());
        sessions.put(name.token(), new Session(name, metadata, capacity));
        return name;
    }

    /** @throws io.terrace.UploadGoneException if there is none of that name */
    Session require(UploadSession name) {
        Session found = find(name);
        if (found == null) {
            throw Session.gone(name);
        }
        return found;
    }

    void end(UploadSession name) {
        Session found = find(name);
        if (found != null) {
            sessions.remove(name.token());
            found.end();
        }
    }

    /** A token alone is not enough: it is of one blob. */
    private @Nullable Session find(UploadSession name) {
        Session found = sessions.get(name.token());
        return found != null && found.name().equals(name) ? found : null;
    }

    Flux<UploadSession> list(String prefix) {
        return Flux.fromIterable(sessions.values())
                .map(Session::name)
                .filter(name -> name.blob().object().storagePath().startsWith(prefix));
    }
}
