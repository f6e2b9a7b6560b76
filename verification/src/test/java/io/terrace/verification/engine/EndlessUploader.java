// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.Payload;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.localfs.LocalFs;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program: uploads objects in parts to a store on a directory, completes most and aborts some, and says what it is about to
 * do and what is done. It uploads for ever, or one object during which it halts.
 */
final class EndlessUploader {

    private static final int LANES = 3;
    private static final int THRESHOLD = 4 * 1024;
    private static final int[] PART_BYTES = {24 * 1024, 8, 40 * 1024};

    private final TieredObjectStore store;

    private EndlessUploader(TieredObjectStore store) {
        this.store = store;
    }

    /** @param args a directory, the number of the first upload, and perhaps where to halt in which {@link End} */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        int first = Integer.parseInt(args[1]);
        if (args.length == 2) {
            EndlessUploader uploader = new EndlessUploader(EndlessWriter.open(directory));
            Flux.range(0, LANES).flatMap(lane -> uploader.lane(lane, first)).blockLast();
        } else {
            HaltAt halt = new HaltAt(HaltAt.Point.parse(args[2]));
            EndlessUploader uploader = new EndlessUploader(open(directory, halt));
            uploader.once(first, End.valueOf(args[3]), halt).block();
            // It may be behind the answer where it halts.
            uploader.store.closeLater(Duration.ofSeconds(10)).block();
        }
    }

    /** What becomes of an upload. */
    enum End {
        COMPLETE,
        ABORT,
        /** Says that it is complete before it is: a mistake that must be noticed. */
        BOAST
    }

    /** The lanes share no key, so that the writes of a key do not overlap. */
    private Flux<?> lane(int lane, int first) {
        return Flux.range(0, Integer.MAX_VALUE)
                .map(i -> first + LANES * i + lane)
                .concatMap(number -> upload(lane, number)
                        .flatMap(upload -> end(upload, number % 4 == 0 ? End.ABORT : End.COMPLETE)));
    }

    /** Over a value of a key that nobody had before, so that nothing else is under way. */
    private Mono<Void> once(int number, End end, HaltAt halt) {
        return Mono.fromRunnable(() -> say("begin", number, number, ""))
                .then(store.put(EndlessWriter.id(number), ObjectMetadata.defaults(), bytes(number, 2 * THRESHOLD)))
                .doOnNext(info -> say("done", number, number, info.etag()))
                .then(upload(number, number + 1))
                .doOnNext(upload -> halt.arm())
                .flatMap(upload -> end(upload, end));
    }

    private record Upload(int key, int number, UploadId id, List<UploadedPart> parts) {

        /** All that it takes to complete it, or to abort it. */
        String handle() {
            return id.text() + " " + parts.stream().map(UploadedPart::etag).collect(Collectors.joining(" "));
        }
    }

    private Mono<Upload> upload(int key, int number) {
        ObjectUploads uploads = store.uploads();
        return uploads.initiate(EndlessWriter.id(key), ObjectMetadata.defaults())
                .flatMap(id -> Flux.range(0, PART_BYTES.length)
                        .concatMap(
                                i -> uploads.uploadPart(EndlessWriter.id(key), id, i + 1, bytes(number, PART_BYTES[i])))
                        .collectList()
                        .map(parts -> new Upload(key, number, id, parts)));
    }

    private Mono<Void> end(Upload upload, End end) {
        int key = upload.key();
        int number = upload.number();
        if (end == End.ABORT) {
            say("aborting", key, number, upload.handle());
            return store.uploads()
                    .abort(EndlessWriter.id(key), upload.id())
                    .doOnSuccess(nothing -> say("aborted", key, number, ""));
        }
        say("completing", key, number, upload.handle());
        if (end == End.BOAST) {
            say("done", key, number, "boasted");
        }
        return store.uploads()
                .complete(EndlessWriter.id(key), upload.id(), upload.parts())
                .doOnSuccess(info -> say("done", key, number, info.etag()))
                .then();
    }

    /** A line is whole if it ends with a semicolon. */
    private static void say(String what, int key, int number, String more) {
        System.out.println(what + " " + key + " " + number + " " + more + ";");
    }

    /** Every eight bytes are the number. */
    private static Payload bytes(long number, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            buffer.putLong(number);
        }
        return Payload.of(buffer.flip());
    }

    private static TieredObjectStore open(Path directory, SpiInterceptor interceptor) {
        LocalFs files = LocalFs.at(directory, TerraceRuntime.system());
        return TieredObjectStore.builder()
                .highVolume(interceptor.rows(files.rows()))
                .longTerm(interceptor.blobs(files.blobs()))
                .changeLog(interceptor.changeLog(files.changeLog()))
                .inlineThreshold(THRESHOLD)
                .build();
    }
}
