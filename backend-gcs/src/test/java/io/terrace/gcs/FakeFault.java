// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import java.time.Duration;

/** What goes wrong with one request. */
sealed interface FakeFault {

    /** Answers with an error and does nothing. */
    record Refuse(int status, String reason) implements FakeFault {}

    /** Does it, and answers with an error. */
    record ActThenRefuse(int status) implements FakeFault {}

    /** Closes the connection and does nothing. */
    record Drop() implements FakeFault {}

    /** Does it, and closes the connection in place of an answer. */
    record ActThenDrop() implements FakeFault {}

    /** Does nothing, and never answers. */
    record Stall() implements FakeFault {}

    /** Sends so many bytes of the answer's body, then closes the connection. */
    record Cut(int bytes) implements FakeFault {}

    /** Sends so many bytes of the answer's body, then nothing more. */
    record StallAfter(int bytes) implements FakeFault {}

    /** Changes a bit of what was sent. */
    record DamageRequest() implements FakeFault {}

    /** Changes a bit of what is answered. */
    record DamageAnswer() implements FakeFault {}

    /** Takes so many bytes of a chunk. */
    record TakePart(int bytes) implements FakeFault {}

    /** Does it and answers, but later. */
    record Late(Duration by) implements FakeFault {}

    /** Something happens before the request is looked at. */
    record Before(Runnable event) implements FakeFault {}
}
