// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ClientPayloadException;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.PutOptions;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * A get that is the payload of a put: the bytes of one version, which the get holds on to. A blob is never shared. It is
 * admitted as one operation: a get that waited for room for its put would keep room from others.
 */
final class CopyObject {

    private final Tiers tiers;
    private final Operations operations;
    private final ReadObject reads;
    private final PutObject puts;

    CopyObject(Tiers tiers, Operations operations, ReadObject reads, PutObject puts) {
        this.tiers = tiers;
        this.operations = operations;
        this.reads = reads;
        this.puts = puts;
    }

    /** @param metadata of the copy, from that of the source */
    Mono<ObjectInfo> copy(ObjectId from, ObjectId to, UnaryOperator<ObjectMetadata> metadata, PutOptions options) {
        return RunToCompletion.of(operations, tiers.settings().inlineThreshold(), point -> Mono.usingWhen(
                                reads.get(from, null),
                                source -> put(source, to, metadata, options, point),
                                StoredObject::discard,
                                (source, error) -> source.discard(),
                                StoredObject::discard)
                        // Without an answer a write counts as cancelled.
                        .switchIfEmpty(Mono.fromSupplier(() -> Answer.of(null, null))))
                // The payload is ours: what broke is a tier, not a client.
                .onErrorMap(ClientPayloadException.class, CopyObject::causeOf);
    }

    private Mono<Answer<ObjectInfo>> put(
            StoredObject source,
            ObjectId to,
            UnaryOperator<ObjectMetadata> metadata,
            PutOptions options,
            CommitPoint point) {
        Payload payload = Payload.from(source.body()).contentLength(source.contentLength());
        return puts.put(to, metadata.apply(source.info().metadata()), payload, options, point);
    }

    private static Throwable causeOf(ClientPayloadException failed) {
        return failed.getCause() instanceof TerraceException cause ? cause : failed;
    }
}
