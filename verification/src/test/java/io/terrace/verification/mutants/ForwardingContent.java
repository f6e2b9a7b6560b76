// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ContentRange;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The content of a blob, to be made wrong in one method. */
class ForwardingContent implements BlobContent {

    private final BlobContent content;

    ForwardingContent(BlobContent content) {
        this.content = content;
    }

    @Override
    public BlobInfo info() {
        return content.info();
    }

    @Override
    public ContentRange range() {
        return content.range();
    }

    @Override
    public Flux<ByteBuffer> body() {
        return content.body();
    }

    @Override
    public Mono<Void> discard() {
        return content.discard();
    }
}
