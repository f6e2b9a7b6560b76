// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One upload: each buffer is on its way to the file before the next is asked for (LT-1.4); when all are on the disk the
 * gate is awaited, and then the file gets its name. All steps run one after another, so the fields need no lock.
 */
final class BlobUpload implements CoreSubscriber<ByteBuffer> {

    private final LocalFsBlobs blobs;
    private final BlobId id;
    private final ObjectMetadata metadata;
    private final CommitGate gate;
    private final MonoSink<BlobInfo> sink;
    private final Serial steps;
    private final CRC32C crc = new CRC32C();

    private long length;
    private @Nullable Temporary file;
    private @Nullable Subscription source;
    private @Nullable Disposable waiting;
    private volatile boolean ended;

    BlobUpload(
            LocalFsBlobs blobs,
            IoThreads io,
            BlobId id,
            ObjectMetadata metadata,
            CommitGate gate,
            MonoSink<BlobInfo> sink) {
        this.blobs = blobs;
        this.id = id;
        this.metadata = metadata;
        this.gate = gate;
        this.sink = sink;
        this.steps = new Serial(io);
    }

    void start(Payload body) {
        step(() -> {
            file = blobs.files().create();
            // The body's length and checksum are filled in at the end; the frame does not grow by that.
            file.write(BlobFrame.encode(id, metadata, 0, 0));
            body.checkedBody().subscribe(this);
        });
    }

    /** The receiver went away. What has its name already keeps it. */
    void cancel() {
        steps.execute(() -> end(null, null));
    }

    /** The store is closed. */
    void abort() {
        fail(new BackendUnavailableException(
                LocalFsErrors.BACKEND,
                "The store was closed during the upload of " + id + ".",
                Determinacy.NOT_APPLIED));
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (ended) {
            subscription.cancel();
            return;
        }
        steps.execute(() -> {
            if (ended || !Operators.validate(source, subscription)) {
                subscription.cancel();
                return;
            }
            source = subscription;
            subscription.request(1);
        });
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        step(() -> {
            length += bytes.remaining();
            crc.update(bytes.duplicate());
            current().write(bytes);
            if (source != null) {
                source.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable error) {
        fail(error);
    }

    @Override
    public void onComplete() {
        step(() -> {
            source = null;
            current().overwrite(BlobFrame.encode(id, metadata, length, (int) crc.getValue()), 0);
            current().finish();
            waiting = gate.opened().subscribe(unused -> {}, this::fail, () -> step(this::publish));
        });
    }

    private void publish() throws IOException {
        waiting = null;
        Path target = blobs.pathOf(id);
        Temporary finished = current();
        blobs.fuse().check();
        BlobInfo found = new BlobInfo(id, length, metadata);
        // Ids are unique: a blob that is there is ours, of an earlier attempt (LT-2).
        if (!blobs.files().link(finished, target)) {
            BlobFrame earlier = LocalFsBlobs.frameAt(target, id);
            found = earlier == null ? found : earlier.info();
        }
        end(found, null);
    }

    private Temporary current() {
        if (file == null) {
            throw new IllegalStateException("the file is opened first");
        }
        return file;
    }

    private void fail(Throwable error) {
        steps.execute(() -> end(null, error));
    }

    private void step(IoStep step) {
        steps.execute(() -> {
            if (ended) {
                return;
            }
            try {
                step.run();
            } catch (IOException e) {
                end(null, blobs.fuse().judge("storing the blob " + id, e));
            } catch (RuntimeException e) {
                end(null, e);
            }
        });
    }

    /** Lets go of everything, and only then answers. */
    private void end(@Nullable BlobInfo result, @Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        if (source != null) {
            source.cancel();
        }
        if (waiting != null) {
            waiting.dispose();
        }
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

    private interface IoStep {
        void run() throws IOException;
    }
}
