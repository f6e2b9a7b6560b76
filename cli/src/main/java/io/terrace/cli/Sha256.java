// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The digest of one pass over some bytes. */
final class Sha256 {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The same bytes, digested as they pass. To be subscribed to once. */
    Flux<ByteBuffer> over(Flux<ByteBuffer> bytes) {
        return bytes.doOnNext(buffer -> digest.update(buffer.duplicate()));
    }

    /** Once all bytes have passed. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static Mono<String> of(Flux<ByteBuffer> bytes) {
        return Mono.defer(() -> {
            Sha256 sha = new Sha256();
            return sha.over(bytes).then(Mono.fromSupplier(sha::hex));
        });
    }
}
