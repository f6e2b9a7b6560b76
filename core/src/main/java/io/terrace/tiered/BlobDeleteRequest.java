// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.Retries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;

/** One request to delete the blobs of several callers. Each hears how it ended for his own, as soon as that is known. */
final class BlobDeleteRequest extends BaseSubscriber<Void> {

    private final LongTermBackend blobs;
    private final MultiBlobDeletes many;
    private final Runnable makeRoom;
    private final AtomicBoolean madeRoom = new AtomicBoolean();
    private final Disposable.Swap patience = Disposables.swap();

    /** Those that have not been told. Guarded by itself. */
    private final Set<Deletion> rest;

    /** @param makeRoom told once: when the request has ended, or when it has taken too long to hold up others */
    BlobDeleteRequest(LongTermBackend blobs, MultiBlobDeletes many, List<Deletion> deletions, Runnable makeRoom) {
        this.blobs = blobs;
        this.many = many;
        this.makeRoom = makeRoom;
        this.rest = new LinkedHashSet<>(deletions);
        deletions.forEach(deletion -> deletion.request = this);
    }

    void makesRoomAtTheLatest(Disposable timer) {
        patience.update(timer);
    }

    void makeRoom() {
        if (madeRoom.compareAndSet(false, true)) {
            makeRoom.run();
        }
    }

    void send(Retries retries) {
        if (!isDisposed()) {
            retries.of(Mono.defer(this::attempt)).subscribe(this);
        }
    }

    /** Leaves the request to the others; without any, it ends. */
    void withdraw(Deletion deletion) {
        boolean last;
        synchronized (rest) {
            last = rest.remove(deletion) && rest.isEmpty();
        }
        if (last) {
            cancel();
        }
    }

    /** Of what is not known to be gone yet. */
    private Mono<Void> attempt() {
        Set<BlobId> ids;
        synchronized (rest) {
            ids = rest.stream().map(Deletion::blob).collect(Collectors.toUnmodifiableSet());
        }
        if (ids.size() <= 1) {
            return Flux.fromIterable(ids).concatMap(blobs::delete).then(Mono.defer(() -> tell(Map.of())));
        }
        // An error that would come again may be about one of them only.
        return many.deleteAll(ids)
                .onErrorResume(error -> !Retries.mayPass(error), error -> eachAlone(ids))
                .flatMap(this::tell);
    }

    private Mono<Map<BlobId, Throwable>> eachAlone(Collection<BlobId> ids) {
        return Flux.fromIterable(ids)
                .flatMap(
                        id -> blobs.delete(id)
                                .then(Mono.<Map.Entry<BlobId, Throwable>>empty())
                                .onErrorResume(error -> Mono.just(Map.entry(id, error))),
                        Settings.MAINTENANCE_CONCURRENCY)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Those that are gone, and those that will never be. Fails if there are others, which are worth a repetition. */
    private Mono<Void> tell(Map<BlobId, Throwable> failed) {
        Map<Deletion, @Nullable Throwable> ended = new LinkedHashMap<>();
        Throwable passing = null;
        synchronized (rest) {
            for (Deletion deletion : List.copyOf(rest)) {
                Throwable error = failed.get(deletion.blob);
                deletion.error = error;
                if (error != null && Retries.mayPass(error)) {
                    passing = error;
                } else {
                    rest.remove(deletion);
                    ended.put(deletion, error);
                }
            }
        }
        ended.forEach(Deletion::end);
        return passing == null ? Mono.empty() : Mono.error(passing);
    }

    @Override
    protected void hookOnComplete() {
        endRest(new IllegalStateException("A deletion of blobs was not answered with what became of them"));
    }

    @Override
    protected void hookOnError(Throwable error) {
        endRest(error);
    }

    private void endRest(Throwable error) {
        List<Deletion> last;
        synchronized (rest) {
            last = new ArrayList<>(rest);
            rest.clear();
        }
        last.forEach(deletion -> deletion.end(deletion.error == null ? error : deletion.error));
    }

    @Override
    protected void hookFinally(SignalType type) {
        patience.dispose();
        makeRoom();
    }

    /** A caller who waits for the end of a blob. */
    static final class Deletion {
        private final BlobId blob;
        private final MonoSink<Void> sink;

        // Guarded by the BlobDeletes.
        private @Nullable BlobDeleteRequest request;
        private boolean left;

        /** What the last answer said of this blob. Guarded by the rest of the request. */
        private @Nullable Throwable error;

        Deletion(BlobId blob, MonoSink<Void> sink) {
            this.blob = blob;
            this.sink = sink;
        }

        private BlobId blob() {
            return blob;
        }

        boolean hasLeft() {
            return left;
        }

        /** Answers with the request that it is part of, if there is one. */
        @Nullable
        BlobDeleteRequest leave() {
            left = true;
            return request;
        }

        private void end(@Nullable Throwable failed) {
            if (failed == null) {
                sink.success();
            } else {
                sink.error(failed);
            }
        }
    }
}
