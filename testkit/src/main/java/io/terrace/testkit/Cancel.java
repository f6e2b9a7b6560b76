// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** Cancels calls at different moments. */
final class Cancel {

    private Cancel() {}

    /** While it is subscribed to, before anything is asked for, or after everything was. */
    static <T> void at(int moment, Mono<T> call) {
        switch (moment % 3) {
            case 0 ->
                call.subscribe(new BaseSubscriber<T>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        subscription.cancel();
                    }
                });
            case 1 -> Demand.on(call).cancel();
            default -> call.subscribe().dispose();
        }
    }
}
