// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.application;

import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.TransientException;
import java.nio.ByteBuffer;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A picture for each person, forgotten a month after it was saved. */
public final class Avatars {

    /** What is known about a save when it ends. */
    public enum Saved {
        YES,
        /** The answer was lost: the person should look, and save again if it is the old picture. */
        PERHAPS
    }

    private static final ObjectMetadata PICTURE = ObjectMetadata.builder()
            .contentType("image/png")
            .expiration(ExpirationPolicy.timeToLive(Duration.ofDays(30)))
            .build();

    private final ObjectStore store;
    private final ByteBuffer everybody;

    /** @param everybody the picture of people who have none */
    public Avatars(ObjectStore store, ByteBuffer everybody) {
        this.store = store;
        this.everybody = everybody;
    }

    /** Replaces the picture of a person. */
    public Mono<Saved> save(String person, ByteBuffer picture) {
        return store.put(idOf(person), PICTURE, Payload.of(picture))
                .thenReturn(Saved.YES)
                .onErrorReturn(OutcomeUnknownException.class, Saved.PERHAPS);
    }

    /** The picture of a person; that of everybody if there is none, or the store is away for the moment. */
    public Mono<ByteBuffer> load(String person) {
        return store.withObject(idOf(person), GetOptions.all(), Avatars::bytes)
                .onErrorComplete(TransientException.class)
                .defaultIfEmpty(everybody.duplicate());
    }

    private static ObjectId idOf(String person) {
        return ObjectId.of(ObjectContext.of("avatars"), person);
    }

    private static Mono<ByteBuffer> bytes(StoredObject object) {
        return object.body()
                .reduce(ByteBuffer.allocate(Math.toIntExact(object.contentLength())), ByteBuffer::put)
                .map(ByteBuffer::flip);
    }
}
