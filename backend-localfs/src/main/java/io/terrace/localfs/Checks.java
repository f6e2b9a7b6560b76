// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.Health;
import reactor.core.publisher.Mono;

/** Health of a role. */
final class Checks {

    private Checks() {}

    static Mono<Health> of(Layout layout, IoThreads io, Fuse fuse, String what) {
        return io.<Health>call(() -> {
                    String failure = fuse.reason();
                    if (failure != null) {
                        return Health.down("read-only since the disk failed: " + failure);
                    }
                    layout.probe();
                    return Health.up(what);
                })
                .onErrorResume(e -> Mono.just(Health.down(what + ": " + e)));
    }
}
