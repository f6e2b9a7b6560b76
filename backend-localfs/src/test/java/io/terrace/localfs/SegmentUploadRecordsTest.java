// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.entry;
import static io.terrace.localfs.Samples.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.IntegrityException;
import io.terrace.localfs.Failpoint.Step;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.RowFrame;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

class SegmentUploadRecordsTest {

    @TempDir
    Path root;

    private final Failing disk = new Failing();
    private ChangeLog log;

    @AfterEach
    void close() {
        if (log != null) {
            await(log.closeLater());
        }
    }

    @Test
    void uploadsInEveryStateAreReadBack() {
        log = open();
        ChangeEntry entry = entry("entry");
        await(log.append(entry));
        List<UploadRecord> kept = inEveryState();
        UploadRecord gone = begun("gone");
        await(log.uploads().remove(gone.id()));
        await(log.closeLater());

        log = open();
        assertThat(scan()).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(await(log.scan(ScanScope.ALL))).containsExactly(entry);
    }

    @Test
    void everyChangeIsOnTheDiskBeforeItIsAnsweredAndARemovalNeedNotBe() {
        log = open();
        disk.forget();
        UploadRecord open = begun("k");
        assertThat(disk.count(Step.FORCE_FILE)).isEqualTo(1);
        UploadRecord dead = open.dead(1);
        assertThat(await(log.uploads().replace(open, dead))).isTrue();
        assertThat(disk.count(Step.FORCE_FILE)).isEqualTo(2);
        assertThat(await(log.uploads().replace(open, dead))).isTrue();
        assertThat(await(log.uploads().replace(open, open.completing(UUID.randomUUID(), dead.base(), List.of(), 1))))
                .isFalse();
        await(log.uploads().remove(dead.id()));
        assertThat(disk.count(Step.FORCE_FILE)).isEqualTo(2);
    }

    @Test
    void uploadsAreCarriedIntoTheNextSegment() {
        log = LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .logCompactionBytes(64 * 1024)
                .build()
                .changeLog();
        List<UploadRecord> kept = inEveryState();
        await(Flux.range(0, 2000).concatMap(i -> {
            ChangeEntry entry = entry("k" + i);
            return log.append(entry).then(log.remove(entry.id())).thenReturn(i);
        }));
        assertThat(root.resolve("log").resolve(LogSegment.nameOf(1))).doesNotExist();
        assertThat(scan()).containsExactlyInAnyOrderElementsOf(kept);
        await(log.closeLater());
        log = open();
        assertThat(scan()).containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void uploadsCountAsEntriesDo() {
        log = LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .logEntries(2)
                .build()
                .changeLog();
        UploadRecord first = begun("a");
        await(log.append(entry("b")));
        assertThatThrownBy(() -> begun("c"))
                .isInstanceOf(AtCapacityException.class)
                .hasMessageContaining("2 entries and uploads");
        UploadRecord dead = first.dead(1);
        assertThat(await(log.uploads().replace(first, dead))).isTrue();
        await(log.uploads().remove(dead.id()));
        begun("c");
    }

    @Test
    void aLogWithoutUploadsIsReadByProgramsThatDoNotKnowThem() throws IOException {
        assertThat(LogCodec.encode(new LogRecord.Append(entry("k")), 0)[LogCodec.PREFIX_BYTES])
                .isEqualTo((byte) 1);
        byte[] record = LogCodec.encode(new LogRecord.Upload(upload("k")), 0);
        assertThat(record[LogCodec.PREFIX_BYTES])
                .as("what such a program refuses")
                .isEqualTo((byte) 2);
        // The same bytes under the old format are of no type that it has.
        record[LogCodec.PREFIX_BYTES] = 1;
        ByteBuffer bytes = ByteBuffer.wrap(record);
        bytes.putInt(4, RowFrame.crcOf(bytes.duplicate().position(LogCodec.PREFIX_BYTES)));
        await(open().closeLater());
        Path segment = root.resolve("log").resolve(LogSegment.nameOf(1));
        Files.write(segment, record, StandardOpenOption.APPEND);
        assertThatThrownBy(this::open)
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("unknown type 9 of format 1");
    }

    /** One upload in each state, and a second one that was taken over and rebased. */
    private List<UploadRecord> inEveryState() {
        List<UploadRecord> all = new ArrayList<>();
        all.add(begun("open ü"));
        UploadRecord completing = completing("completing");
        all.add(completing);
        all.add(changed(completing("dying"), record -> record.dying(3)));
        all.add(changed(completing("committed"), record -> record.committed(3)));
        all.add(changed(begun("dead"), record -> record.dead(3)));
        all.add(changed(
                changed(completing("taken over"), record -> record.takenOver(RUNTIME.newUuid())),
                record -> record.rebased(RUNTIME.newWriteId())));
        return all;
    }

    private UploadRecord completing(String key) {
        return changed(
                begun(key),
                record ->
                        record.completing(RUNTIME.newUuid(), RUNTIME.newWriteId(), List.of(Samples.blobId("old")), 2));
    }

    private UploadRecord begun(String key) {
        UploadRecord record = upload(key);
        assertThat(await(log.uploads().begin(record))).isTrue();
        return record;
    }

    private UploadRecord changed(UploadRecord record, UnaryOperator<UploadRecord> transition) {
        UploadRecord next = transition.apply(record);
        assertThat(await(log.uploads().replace(record, next))).isTrue();
        return next;
    }

    private List<UploadRecord> scan() {
        return await(log.uploads().scan(ScanScope.DUE, Long.MAX_VALUE));
    }

    private ChangeLog open() {
        return LocalFs.builder(root, RUNTIME)
                .fsync(Fsync.NEVER)
                .failpoint(disk)
                .build()
                .changeLog();
    }
}
