// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * One of many operations that are handed to a store {@linkplain ObjectStore#batch together}.
 *
 * @param <T> what it answers
 */
public sealed interface BatchOperation<T> {

    /** The object that it is about. */
    ObjectId id();

    /** Just this operation, alone: what the method of the store that it is named after returns. */
    Mono<T> on(ObjectStore store);

    /** A {@linkplain ObjectStore#put put} in the place of whatever is there. */
    static Put put(ObjectId id, ObjectMetadata metadata, Payload payload) {
        return new Put(id, metadata, payload, PutOptions.defaults());
    }

    /** A {@linkplain ObjectStore#withObject get} of the whole object and its use, which are one operation. */
    static <T> Get<T> get(ObjectId id, Function<? super StoredObject, Mono<T>> use) {
        return new Get<>(id, GetOptions.all(), use);
    }

    /** A {@linkplain ObjectStore#head head}. */
    static Head head(ObjectId id) {
        return new Head(id);
    }

    /** A {@linkplain ObjectStore#delete delete} of whatever is there. */
    static Delete delete(ObjectId id) {
        return new Delete(id, Precondition.none());
    }

    /** Stores an object. Answers it as stored. */
    record Put(ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options)
            implements BatchOperation<ObjectInfo> {
        public Put {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(metadata, "metadata");
            Objects.requireNonNull(payload, "payload");
            Objects.requireNonNull(options, "options");
        }

        @Override
        public Mono<ObjectInfo> on(ObjectStore store) {
            return store.put(id, metadata, payload, options);
        }
    }

    /** Opens an object, uses it, and releases it. Answers what the use made of it; nothing if the object is absent. */
    record Get<T>(ObjectId id, GetOptions options, Function<? super StoredObject, Mono<T>> use)
            implements BatchOperation<T> {
        public Get {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(use, "use");
        }

        @Override
        public Mono<T> on(ObjectStore store) {
            return store.withObject(id, options, use);
        }
    }

    /** Describes an object. Answers nothing if it is absent. */
    record Head(ObjectId id) implements BatchOperation<ObjectInfo> {
        public Head {
            Objects.requireNonNull(id, "id");
        }

        @Override
        public Mono<ObjectInfo> on(ObjectStore store) {
            return store.head(id);
        }
    }

    /** Deletes an object. Answers nothing. */
    record Delete(ObjectId id, Precondition precondition) implements BatchOperation<Void> {
        public Delete {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(precondition, "precondition");
        }

        @Override
        public Mono<Void> on(ObjectStore store) {
            return store.delete(id, precondition);
        }
    }
}
