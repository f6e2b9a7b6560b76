// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.entry;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;
import static io.terrace.localfs.Samples.upload;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.PartInfo;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.localfs.Failpoint.Step;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes at every step of a sequence of operations, by a kill and by a power failure, and looks at what is found then: all
 * that was acknowledged, and of the operation that was under way all or nothing.
 */
class CrashTest {

    @TempDir
    Path directory;

    private Path root;
    private SimulatedDisk disk;

    /** What could be read after so many operations. */
    private final List<Map<String, String>> states = new ArrayList<>();

    private final List<Crash> crashes = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int images;
    private final Random random = new Random(11);

    /**
     * What a crash left.
     *
     * @param image the directory
     * @param acknowledged how many operations had been
     * @param power whether by a power failure
     */
    private record Crash(Path image, int acknowledged, boolean power) {}

    @Test
    void whereverItCrashesWhatWasAcknowledgedIsThereAndNothingIsTorn() throws IOException {
        run(null);
        assertThat(crashes.size()).isGreaterThan(40);
        for (Crash crash : crashes) {
            assertThat(problemOf(crash)).as("%s", crash).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_FILE", "FORCE_DIRECTORY"})
    void aDiskThatIgnoresOneOfTheForcesIsFoundOut(Step ignored) throws IOException {
        run(ignored);
        assertThat(crashes).filteredOn(Crash::power).anyMatch(crash -> problemOf(crash) != null);
    }

    private void run(Step ignored) throws IOException {
        root = Files.createDirectory(directory.resolve("store"));
        disk = new SimulatedDisk(root, ignored);
        LocalFs store = LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .failpoint(disk)
                .ioThreads(1)
                .logCompactionBytes(1000)
                .build();
        HighVolumeBackend rows = store.rows();
        LongTermBackend blobs = store.blobs();
        ChangeLog log = store.changeLog();
        states.add(read(store, log));
        disk.beforeEachStep(this::crash);
        for (Runnable operation : operations(rows, blobs, log)) {
            operation.run();
            states.add(read(store, log));
        }
        disk.beforeEachStep(() -> {});
        await(rows.closeLater());
        await(blobs.closeLater());
        await(log.closeLater());
    }

    private static List<Runnable> operations(HighVolumeBackend rows, LongTermBackend blobs, ChangeLog log) {
        BlobId blob = Samples.blobId("large");
        BlobId other = Samples.blobId("other");
        ChangeEntry first = entry("large");
        List<Runnable> all = new ArrayList<>();
        all.add(() -> await(rows.putUnlessTombstone(id("a"), RUNTIME.newWriteId(), inline("one"))));
        all.add(() -> await(rows.putUnlessTombstone(id("a"), RUNTIME.newWriteId(), inline("two"))));
        all.add(() -> await(rows.putUnlessTombstone(id("b"), RUNTIME.newWriteId(), inline(Samples.bytes(9000, 1)))));
        all.add(() -> await(
                rows.bump(id("b"), await(rows.read(id("b"), RowProjection.HEAD)).head(), RowChange.fence(7))));
        all.add(() -> await(rows.deleteUnlessTombstone(id("a"), RUNTIME.newWriteId())));
        all.add(() -> await(log.append(first)));
        all.add(() -> await(blobs.put(blob, METADATA, Payload.of(Samples.bytes(200_000, 2)), CommitGate.OPEN)));
        all.add(() -> await(blobs.put(other, METADATA, Payload.ofText("other"), CommitGate.OPEN)));
        all.add(() -> await(log.claim(first.id())));
        all.add(() -> await(blobs.delete(blob)));
        all.add(() -> await(log.defer(first.id(), List.of(blob))));
        all.add(() -> await(log.pins().pin("copy")));
        for (int i = 0; i < 3; i++) {
            // Enough for a compaction.
            all.add(() -> await(log.append(entry("x"))));
        }
        all.add(() -> await(log.pins().unpin("copy")));
        all.addAll(uploads(blobs.facet(MultipartUploads.class).orElseThrow(), log.uploads()));
        return all;
    }

    private static List<Runnable> uploads(MultipartUploads uploads, UploadRecords records) {
        UploadSession[] sessions = new UploadSession[2];
        UploadedPart[] parts = new UploadedPart[2];
        UploadRecord record = upload("in parts");
        UploadRecord completing = record.completing(RUNTIME.newUuid(), WriteId.NONE, List.of(), 1);
        List<Runnable> all = new ArrayList<>();
        all.add(() -> sessions[0] = await(uploads.start(record.blob(), METADATA)));
        all.add(() -> await(records.begin(record)));
        all.add(() -> await(uploads.uploadPart(sessions[0], 1, Payload.ofText("replaced"), null)));
        all.add(() -> parts[0] = await(uploads.uploadPart(sessions[0], 1, Payload.of(Samples.bytes(70_000, 3)), null)));
        all.add(() -> parts[1] = await(uploads.uploadPart(sessions[0], 7, Payload.ofText("end"), null)));
        all.add(() -> await(records.replace(record, completing)));
        all.add(() -> await(uploads.complete(sessions[0], List.of(parts))));
        all.add(() -> await(records.replace(completing, completing.committed(2))));
        all.add(() -> sessions[1] = await(uploads.start(Samples.blobId("given up"), METADATA)));
        all.add(() -> await(uploads.uploadPart(sessions[1], 1, Payload.ofText("part"), null)));
        all.add(() -> await(uploads.abort(sessions[1])));
        return all;
    }

    private void crash() {
        try {
            Samples.copyStore(root, image());
            add(false);
            disk.afterPowerFailure(image());
            add(true);
            disk.afterPowerFailure(image(), random);
            add(true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Unless the last operation left the same before. */
    private void add(boolean power) throws IOException {
        int acknowledged = states.size() - 1;
        Path image = image();
        images++;
        StringBuilder content = new StringBuilder().append(acknowledged);
        for (Path file : Samples.filesBelow(image)) {
            content.append(image.relativize(file)).append(Arrays.hashCode(Files.readAllBytes(file)));
        }
        if (seen.add(content.toString())) {
            crashes.add(new Crash(image, acknowledged, power));
        }
    }

    private Path image() {
        return directory.resolve("crash-" + images);
    }

    /** {@code null} if the store is as it was before or after the operation that was under way. */
    private String problemOf(Crash crash) {
        try {
            LocalFs store = LocalFs.builder(crash.image, RUNTIME)
                    .fsync(Fsync.NEVER)
                    .ioThreads(1)
                    .build();
            ChangeLog log = store.changeLog();
            Map<String, String> found = read(store, log);
            await(log.closeLater());
            int after = Math.min(crash.acknowledged + 1, states.size() - 1);
            boolean expected = found.equals(states.get(crash.acknowledged)) || found.equals(states.get(after));
            return expected
                    ? null
                    : found + " is neither " + states.get(crash.acknowledged) + " nor " + states.get(after);
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** Everything there is, read through new instances where there can be any. */
    private static Map<String, String> read(LocalFs store, ChangeLog log) {
        Map<String, String> all = new TreeMap<>();
        HighVolumeBackend rows = store.rows();
        for (ListedRow row : await(((RowListing) rows).scan("", ""))) {
            var full = await(rows.read(row.id(), RowProjection.FULL));
            all.put("row " + row.id(), full.version() + " " + full.payload());
        }
        await(rows.closeLater());
        LongTermBackend blobs = store.blobs();
        for (BlobId blob : await(((BlobListing) blobs).list(""))) {
            all.put("blob " + blob, Samples.readAll(blobs, blob).length + " bytes");
        }
        MultipartUploads uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        UploadSessionListing sessions = blobs.facet(UploadSessionListing.class).orElseThrow();
        for (UploadSession session : await(sessions.sessions(""))) {
            // One that has become its blob may stay for a while: to complete it again is success.
            if (!all.containsKey("blob " + session.blob())) {
                all.put(
                        "upload " + session.blob(),
                        await(uploads.listParts(session, 0, 10)).parts().stream()
                                .map(PartInfo::uploaded)
                                .toList()
                                .toString());
            }
        }
        await(blobs.closeLater());
        for (UploadRecord record : await(log.uploads().scan(ScanScope.ALL, Long.MAX_VALUE))) {
            all.put("record " + record.id(), record.toString());
        }
        for (ChangeEntry entry : await(log.scan(ScanScope.ALL))) {
            all.put("entry " + entry.id(), entry.state() + " " + entry.oldBlobs());
        }
        await(log.pins().list()).forEach(pin -> all.put("pin " + pin, ""));
        return all;
    }
}
