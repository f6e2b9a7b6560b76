// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Where client and server leave for each other what does not cross the wire. As long as a test. */
final class Desk {

    private final AtomicLong tokens = new AtomicLong();
    private final Map<Long, Job> jobs = new ConcurrentHashMap<>();

    /** One request: what the server does when it has come, whether or not somebody waits for the answer still. */
    static final class Job {
        private final long token;
        private final Function<byte[], Mono<Answer>> act;
        private volatile @Nullable Answer answer;
        private volatile @Nullable RuntimeException error;

        private Job(long token, Function<byte[], Mono<Answer>> act) {
            this.token = token;
            this.act = act;
        }

        long token() {
            return token;
        }

        /** On the server, with the bytes as they came. */
        Answer act(byte[] bytes) {
            Answer done;
            try {
                done = act.apply(bytes).blockOptional().orElseGet(() -> Answer.of(null));
            } catch (RuntimeException failed) {
                error = failed;
                done = Answer.of(null);
            }
            answer = done;
            return done;
        }

        /** Whether more follows the answer. */
        boolean hasBody() {
            Answer done = answer;
            return done != null && done.body() != null;
        }

        /** At the client, once the frame that says so has come. */
        @Nullable
        Object value() {
            RuntimeException failed = error;
            if (failed != null) {
                throw failed;
            }
            Answer done = answer;
            return done == null ? null : done.value();
        }
    }

    Job leave(Function<byte[], Mono<Answer>> act) {
        Job job = new Job(tokens.incrementAndGet(), act);
        jobs.put(job.token, job);
        return job;
    }

    /** The job of a request that has come; {@code null} if it came before. */
    @Nullable
    Job take(long token) {
        return jobs.remove(token);
    }
}
