// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.IntegrityException;
import io.terrace.localfs.LogState.Held;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ScanScope;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of a segment whose end or middle is not what was written. */
class LogReplayTest {

    @TempDir
    Path root;

    private final List<ChangeEntry> entries = new ArrayList<>();
    /** Where each record begins; the last one is the end. */
    private final List<Integer> offsets = new ArrayList<>();

    private DurableFiles files;
    private Path segment;
    /** A copy of the segment after an orderly end. */
    private Path ended;

    private byte[] written;

    /** Five records, as a process leaves them that dies: without the mark of an orderly end. */
    @BeforeEach
    void write() throws IOException {
        files = Samples.layout(root).files();
        ChangeLog log = open();
        segment = root.resolve("log").resolve(LogSegment.nameOf(1));
        for (int i = 0; i < 5; i++) {
            offsets.add((int) Files.size(segment));
            entries.add(entry("k" + i));
            await(log.append(entries.get(i)));
        }
        offsets.add((int) Files.size(segment));
        await(log.closeLater());
        ended = Files.copy(segment, root.resolve("ended"));
        written = Arrays.copyOf(Files.readAllBytes(segment), offsets.get(5));
    }

    @Test
    void aTailThatIsCutOffAnywhereLosesTheLastRecordOnly() throws IOException {
        for (int length = offsets.get(4); length < offsets.get(5); length++) {
            Files.write(segment, Arrays.copyOf(written, length));
            assertThat(entriesAfterOpening()).isEqualTo(Set.copyOf(entries.subList(0, 4)));
        }
    }

    @Test
    void aTailOfWhichAnyPartDidNotReachTheDiskLosesTheLastRecordOnly() throws IOException {
        for (int from = offsets.get(4); from < offsets.get(5); from += 7) {
            byte[] torn = written.clone();
            Arrays.fill(torn, from, Math.min(from + 7, torn.length), (byte) 0xA5);
            Files.write(segment, torn);
            assertThat(entriesAfterOpening()).isEqualTo(Set.copyOf(entries.subList(0, 4)));
        }
    }

    @Test
    void zerosBehindTheLastRecordAreCutOff() throws IOException {
        Files.write(segment, Arrays.copyOf(written, written.length + 5000));
        assertThat(entriesAfterOpening()).isEqualTo(Set.copyOf(entries));
        Files.write(segment, Arrays.copyOf(written, written.length + 5));
        assertThat(entriesAfterOpening()).isEqualTo(Set.copyOf(entries));
    }

    @Test
    void whatIsWrittenAfterATornTailIsReadBack() throws IOException {
        Files.write(segment, Arrays.copyOf(written, offsets.get(4) + 20));
        ChangeLog log = open();
        ChangeEntry next = entry("next");
        await(log.append(next));
        await(log.closeLater());
        ChangeLog again = open();
        assertThat(await(again.scan(ScanScope.ALL))).hasSize(5).contains(next);
        await(again.closeLater());
    }

    @Test
    void aFlippedBitBeforeTheLastRecordIsDamageAndItsPlaceIsNamed() throws IOException {
        for (int i = 0; i < offsets.get(4); i++) {
            byte[] flipped = written.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            Files.write(segment, flipped);
            int at = i;
            int record = at < offsets.get(0)
                    ? 0
                    : offsets.stream()
                            .filter(offset -> offset <= at)
                            .max(Integer::compare)
                            .orElseThrow();
            assertThatThrownBy(this::entriesAfterOpening)
                    .as("bit flipped at %s", i)
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining(segment.getFileName().toString())
                    .hasMessageContaining("offset " + record);
            assertThat(Files.readAllBytes(segment)).isEqualTo(flipped);
        }
    }

    @Test
    void afterAnOrderlyEndEvenTheLastRecordIsMissed() throws IOException {
        byte[] marked = Files.readAllBytes(ended);
        assertThat(marked.length).isGreaterThan(written.length);
        for (int i = offsets.get(4); i < offsets.get(5); i++) {
            byte[] flipped = marked.clone();
            flipped[i] ^= 1;
            Files.write(segment, flipped);
            assertThatThrownBy(this::entriesAfterOpening).isInstanceOf(IntegrityException.class);
        }
    }

    @Test
    void aSegmentThatWasMadeWithContentMissesAllOfIt() throws IOException {
        LogState state = new LogState();
        entries.forEach(entry -> state.apply(new LogRecord.Append(entry), 100));
        state.apply(new LogRecord.Pin("pin"), 30);
        LogSegment.create(root.resolve("log"), 2, state, files).close();
        Path second = root.resolve("log").resolve(LogSegment.nameOf(2));
        byte[] whole = Files.readAllBytes(second);
        for (int length = 0; length < whole.length; length += 3) {
            Files.write(second, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> replay(second, 2)).isInstanceOf(IntegrityException.class);
        }
        Files.write(second, whole);
        ChangeLog log = open();
        assertThat(await(log.scan(ScanScope.ALL))).containsExactlyInAnyOrderElementsOf(entries);
        assertThat(segment).doesNotExist();
        await(log.closeLater());
    }

    @Test
    void aRecordOfALaterFormatIsNotTakenForATornTail() throws IOException {
        byte[] record = LogCodec.encode(new LogRecord.Append(entry("later")), 0);
        record[LogCodec.PREFIX_BYTES] = 3;
        ByteBuffer bytes = ByteBuffer.wrap(record);
        bytes.putInt(4, io.terrace.spi.RowFrame.crcOf(bytes.duplicate().position(LogCodec.PREFIX_BYTES)));
        Files.write(segment, written);
        Files.write(segment, record, java.nio.file.StandardOpenOption.APPEND);
        assertThatThrownBy(this::open).isInstanceOf(IntegrityException.class).hasMessageContaining("format 3");
    }

    @Test
    void everyKindOfRecordIsReadBack() {
        ChangeLog log = open();
        await(log.claim(entries.get(0).id()));
        WriteId base = RUNTIME.newWriteId();
        await(log.rebase(entries.get(1).id(), base));
        await(log.defer(entries.get(2).id(), List.of(Samples.blobId("ü"), Samples.blobId("a/b"))));
        await(log.remove(entries.get(3).id()));
        await(log.pins().pin("one"));
        await(log.pins().pin("two"));
        await(log.pins().unpin("one"));
        List<ChangeEntry> before = await(log.scan(ScanScope.ALL));
        await(log.closeLater());
        assertThat(before).contains(entries.get(0).claimed(), entries.get(1).rebased(base));

        ChangeLog again = open();
        assertThat(await(again.scan(ScanScope.DUE))).isEqualTo(before).hasSize(4);
        assertThat(await(again.pins().list())).containsExactly("two");
        await(again.closeLater());
    }

    private Set<ChangeEntry> entriesAfterOpening() {
        return replay(segment, 1).entries().stream().map(Held::entry).collect(Collectors.toSet());
    }

    private LogState replay(Path file, long number) {
        LogState state = new LogState();
        try {
            LogReplay.read(file, number, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return state;
    }

    private ChangeLog open() {
        return LocalFs.builder(root, RUNTIME).fsync(Fsync.NEVER).build().changeLog();
    }
}
