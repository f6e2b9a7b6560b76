// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.Retries;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The request that makes a blob visible, on condition that there is none of its name. It is repeated identically when its
 * answer is lost, since it can take effect once only, and when the store says that another request was in the way.
 */
final class Commit {

    /** How often it is repeated without knowing how the attempt before it ended. */
    private static final int REPETITIONS = 2;
    /** How often it may be in the way of another request. */
    private static final int CONFLICTS = 6;

    private final String what;
    private final Supplier<? extends CompletableFuture<?>> request;
    private final Retries retries;

    // Touched by one attempt at a time.
    private int unanswered;
    private int conflicts;

    Commit(String what, Supplier<? extends CompletableFuture<?>> request, Retries retries) {
        this.what = what;
        this.request = request;
        this.retries = retries;
    }

    /** How it ended, if the answer says so. */
    enum End {
        WRITTEN,
        /** There was a blob of this name: ours, of an earlier attempt. */
        FOUND,
        /** There is no such upload, and no attempt is unanswered. */
        UPLOAD_GONE,
        /** There is no such upload: an earlier attempt has ended it, or somebody else. */
        UPLOAD_GONE_LATER
    }

    /** To be subscribed to once. */
    Mono<End> settle() {
        retries.begin();
        return attempt();
    }

    private Mono<End> attempt() {
        return Mono.fromFuture(() -> request.get()).map(answer -> End.WRITTEN).onErrorResume(this::judge);
    }

    private Mono<End> judge(Throwable error) {
        return switch (S3Errors.verdict(error)) {
            case EXISTS -> Mono.just(End.FOUND);
            case NO_UPLOAD -> Mono.just(unanswered == 0 ? End.UPLOAD_GONE : End.UPLOAD_GONE_LATER);
            case CONFLICT -> ++conflicts <= CONFLICTS ? again(error, conflicts) : unknown(error);
            case UNKNOWN -> ++unanswered <= REPETITIONS ? again(error, unanswered) : unknown(error);
            // The refusal is of this attempt; one before it may yet be carried out.
            case REFUSED -> unanswered == 0 ? Mono.error(S3Errors.ofWrite(what, error)) : unknown(error);
        };
    }

    private Mono<End> again(Throwable error, int number) {
        return retries.mayRepeat() ? retries.pause(number).then(Mono.defer(this::attempt)) : unknown(error);
    }

    private Mono<End> unknown(Throwable error) {
        return Mono.error(S3Errors.unknown(what, error));
    }
}
