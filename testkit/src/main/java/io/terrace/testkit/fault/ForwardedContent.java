// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.ContentRange;
import io.terrace.FileRegion;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Content that is another one's. */
abstract class ForwardedContent implements BlobContent {

    private final BlobContent content;

    ForwardedContent(BlobContent content) {
        this.content = content;
    }

    @Override
    public final BlobInfo info() {
        return content.info();
    }

    @Override
    public final @Nullable ContentRange range() {
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

    @Override
    public Optional<FileRegion> file() {
        return content.file();
    }
}
