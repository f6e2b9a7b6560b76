// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Cancels calls at different moments. */
final class Cancel {

    private Cancel() {}

    /** When it is subscribed to, before anything is asked for, or after everything was. */
    static void at(int moment, Mono<?> call) {
        switch (moment % 3) {
            case 0 -> Flux.from(call).take(0).blockLast();
            case 1 -> Demand.on(call).cancel();
            default -> call.subscribe().dispose();
        }
    }
}
