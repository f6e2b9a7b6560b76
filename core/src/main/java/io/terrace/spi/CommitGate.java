// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import reactor.core.publisher.Mono;

/**
 * Holds back the step that makes an uploaded blob visible. The engine opens it when the log entry of the blob is durable,
 * so the upload overlaps the log write and yet no blob is ever visible without a record.
 */
@FunctionalInterface
public interface CommitGate {

    /** A gate that is open. */
    CommitGate OPEN = Mono::empty;

    /**
     * Completes when the blob may become visible. An error means that it must not: the upload is undone and the error is
     * passed on unchanged. May be subscribed to at any time during the upload, at most once.
     */
    Mono<Void> opened();
}
