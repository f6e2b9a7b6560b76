// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.util.List;
import java.util.Map;
import reactor.core.Disposable;

/** Puts and gets of whole blobs through the SPI. */
final class BlobCalls {

    static final String PUT = "put";
    static final String GET = "get";
    static final List<String> ALL = List.of(PUT, GET);

    private BlobCalls() {}

    static Calls of(LongTermBackend blobs) {
        return sample -> Map.of(
                PUT,
                done -> {
                    Disposable unused = blobs.put(
                                    sample.blob(), sample.metadata, Payload.of(sample.bytes), CommitGate.OPEN)
                            .subscribe(written -> {}, done, () -> done.accept(null));
                },
                GET,
                done -> {
                    Disposable unused = blobs.get(sample.blob(), null)
                            .flatMapMany(BlobContent::body)
                            .subscribe(bytes -> {}, done, () -> done.accept(null));
                });
    }
}
