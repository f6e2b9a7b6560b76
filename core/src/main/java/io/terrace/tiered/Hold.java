// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import reactor.core.publisher.Mono;

/** What a change is remembered by in the log, and how its writer knows that it is still the one to carry it out. */
interface Hold {

    /** R5.4: whether nobody has taken the change over or begun to undo it. */
    Mono<Boolean> isHeld();

    /** R5.5: makes "absent" what the change started from, if it is still held. */
    Mono<Boolean> rebase();
}
