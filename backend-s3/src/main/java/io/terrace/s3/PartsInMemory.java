// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import reactor.core.publisher.Mono;

/** Of a body that is in memory already: its parts are views of it. */
final class PartsInMemory implements Parts {

    private final ByteBuffer body;
    private final long partBytes;
    private final boolean withMd5;
    private final CRC32C crc = new CRC32C();
    private int issued;

    PartsInMemory(ByteBuffer body, long partBytes, boolean withMd5) {
        this.body = body;
        this.partBytes = partBytes;
        this.withMd5 = withMd5;
    }

    @Override
    public Mono<Part> next() {
        return Mono.fromSupplier(this::cut);
    }

    private synchronized Part cut() {
        int size = (int) Math.min(partBytes, body.remaining());
        ByteBuffer bytes = body.slice(body.position(), size);
        body.position(body.position() + size);
        Part part = new Part(++issued, size, withMd5);
        part.add(bytes);
        part.updateInto(crc::update);
        if (!body.hasRemaining()) {
            part.endBody();
        }
        return part;
    }

    @Override
    public void release(Part part) {}

    @Override
    public synchronized boolean isOver() {
        return !body.hasRemaining();
    }

    @Override
    public synchronized int crc32c() {
        return (int) crc.getValue();
    }

    @Override
    public void close() {}
}
