// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ByteRange;
import io.terrace.ClientPayloadException;
import io.terrace.GetOptions;
import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a demo does with objects while nothing goes wrong. Bodies stream; per object only its name and digest are kept. */
final class DemoObjects {

    private static final ObjectContext CONTEXT = ObjectContext.of("demo");
    static final String PREFIX = CONTEXT.storagePath();

    private static final int AT_A_TIME = 4;
    private static final int RANGE = 64 * 1024;
    private static final int LARGE = 3 << 20;
    private static final int SMALL = 1000;

    private final ObjectStore objects;
    private final DemoReport report;

    DemoObjects(ObjectStore objects, DemoReport report) {
        this.objects = objects;
        this.report = report;
    }

    /**
     * A file and its object.
     *
     * @param digest of the bytes as they went in
     */
    record Stored(DemoFiles.Entry file, ObjectId id, long size, String digest) {}

    List<Stored> store(DemoFiles files) {
        Progress progress = report.progress("put", files.bytes());
        AtomicInteger skipped = new AtomicInteger();
        List<Stored> stored = Objects.requireNonNull(Flux.fromIterable(files.chosen())
                .flatMap(
                        file -> Mono.defer(() -> put(files, file, progress)).onErrorResume(DemoObjects::isOfFile, e -> {
                            skipped.incrementAndGet();
                            return Mono.empty();
                        }),
                        AT_A_TIME)
                .collectList()
                .block());
        progress.end();
        if (skipped.get() > 0) {
            report.say("", skipped + " files were left out: they changed meanwhile, or their paths are not keys");
        }
        return stored;
    }

    private Mono<Stored> put(DemoFiles files, DemoFiles.Entry file, Progress progress) {
        String key = files.root().relativize(file.path()).toString().replace('\\', '/');
        ObjectId id = ObjectId.of(CONTEXT, key);
        Sha256 sha = new Sha256();
        Flux<ByteBuffer> body = sha.over(LocalBytes.of(file.path())).doOnNext(bytes -> progress.add(bytes.remaining()));
        return objects.put(id, ObjectMetadata.defaults(), Payload.from(body).contentLength(file.size()))
                .map(info -> new Stored(file, id, info.size(), sha.hex()));
    }

    /** A file that changes while it is read, or whose path is no key, is not the store's fault. */
    private static boolean isOfFile(Throwable error) {
        return error instanceof ClientPayloadException || error instanceof InvalidObjectIdException;
    }

    void compare(List<Stored> stored) {
        Progress progress =
                report.progress("get", stored.stream().mapToLong(Stored::size).sum());
        Flux.fromIterable(stored)
                .flatMap(
                        one -> digest(one.id(), progress)
                                .map(found -> found.equals(one.digest()) ? "" : one.id() + ": " + found),
                        AT_A_TIME)
                .filter(difference -> !difference.isEmpty())
                .doOnNext(report::mismatch)
                .blockLast();
        progress.end();
    }

    private Mono<String> digest(ObjectId id, @Nullable Progress progress) {
        return objects.withObject(
                        id,
                        GetOptions.all(),
                        object -> Sha256.of(
                                progress == null
                                        ? object.body()
                                        : object.body().doOnNext(bytes -> progress.add(bytes.remaining()))))
                .defaultIfEmpty("absent");
    }

    /** From the middle of the largest one. */
    void range(List<Stored> stored) throws IOException {
        Optional<Stored> largest = stored.stream().max(Comparator.comparingLong(Stored::size));
        if (largest.isEmpty() || largest.get().size() == 0) {
            return;
        }
        Stored one = largest.get();
        long first = one.size() / 2;
        long last = Math.min(one.size(), first + RANGE) - 1;
        String found = objects.withObject(
                        one.id(), GetOptions.range(ByteRange.bounded(first, last)), part -> Sha256.of(part.body()))
                .block();
        ByteBuffer expected = ByteBuffer.allocate((int) (last - first + 1));
        try (FileChannel file = FileChannel.open(one.file().path())) {
            while (expected.hasRemaining() && file.read(expected, first + expected.position()) >= 0) {}
        }
        boolean equal = Objects.equals(Sha256.of(Flux.just(expected.flip())).block(), found);
        report.say("range", "bytes " + first + "-" + last + " of " + one.id() + ": " + report.check(equal));
    }

    /** The same name: in a blob, in its row, in a blob again, and gone. */
    void overwriteAndDelete() {
        ObjectId id = ObjectId.of(ObjectContext.of("demo-overwrite"), "value");
        StringBuilder steps = new StringBuilder();
        int[] sizes = {LARGE, SMALL, LARGE};
        for (int version = 0; version < sizes.length; version++) {
            DemoContent content = new DemoContent(id.toString(), version, sizes[version]);
            objects.put(id, ObjectMetadata.defaults(), Payload.from(content.bytes()))
                    .block();
            boolean same = content.digest().equals(digest(id, null).block());
            steps.append(version == 0 ? "" : " -> ")
                    .append(Progress.amount(sizes[version]))
                    .append(' ')
                    .append(report.check(same));
        }
        report.say("overwrite", steps.toString());
        objects.delete(id).block();
        report.say(
                "delete",
                "gone: " + report.check("absent".equals(digest(id, null).block())));
    }
}
