// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.localfs.DurableFiles.Temporary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/**
 * A call that takes several steps to make a file. The steps run one after another on the store's threads, and between them
 * others do; cancelling it, or closing the store, ends it after the step that is under way.
 *
 * @param <T> what it is answered with
 */
abstract class FileWork<T> {

    private final LocalFsBlobs blobs;
    private final String what;
    private final MonoSink<T> sink;
    private final Serial steps;
    private @Nullable Temporary file;
    private volatile boolean ended;

    /** @param what it does, for errors: "storing the blob x" */
    FileWork(LocalFsBlobs blobs, IoThreads io, String what, MonoSink<T> sink) {
        this.blobs = blobs;
        this.what = what;
        this.sink = sink;
        this.steps = new Serial(io);
    }

    /** Releases what it holds besides its file. */
    abstract void letGo();

    /** The file that it makes; opened when it is first asked for. */
    final Temporary file() throws IOException {
        if (file == null) {
            file = blobs.files().create();
        }
        return file;
    }

    /** The receiver went away. What has its name already keeps it. */
    final void cancel() {
        execute(() -> end(null, null));
    }

    /** The store is closed. */
    final void abort() {
        fail(new BackendUnavailableException(
                LocalFsErrors.BACKEND, "The store was closed while it was " + what + ".", Determinacy.NOT_APPLIED));
    }

    final boolean hasEnded() {
        return ended;
    }

    final ContextView sinkContext() {
        return sink.contextView();
    }

    final void execute(Runnable step) {
        steps.execute(step);
    }

    final void succeed(T result) {
        end(result, null);
    }

    final void fail(Throwable error) {
        execute(() -> end(null, error));
    }

    /** Runs a step, unless it has ended; what the step throws ends it. */
    final void step(IoStep step) {
        execute(() -> {
            if (ended) {
                return;
            }
            try {
                step.run();
            } catch (IOException e) {
                end(null, blobs.fuse().judge(what, e));
            } catch (RuntimeException e) {
                end(null, e);
            }
        });
    }

    /** Lets go of everything, and only then answers. */
    private void end(@Nullable T result, @Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        letGo();
        if (file != null) {
            file.discard();
        }
        blobs.forget(this);
        if (result != null) {
            sink.success(result);
        } else if (error != null) {
            sink.error(error);
        }
    }

    /** A step that may fail. */
    interface IoStep {
        void run() throws IOException;
    }
}
