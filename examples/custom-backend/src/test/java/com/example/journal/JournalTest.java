// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kit cannot know of: the file. */
class JournalTest {

    private static final ObjectId FIRST = ObjectId.of(ObjectContext.of("tests"), "first");
    private static final ObjectId SECOND = ObjectId.of(ObjectContext.of("tests"), "second");

    @TempDir
    Path directory;

    private final ManualRuntime clock = new ManualRuntime(1);

    @Test
    void aRecordThatWasCutShortIsDroppedAndWhatCameBeforeItStays() throws IOException {
        HighVolumeBackend rows = open();
        put(rows, FIRST);
        long whole = Files.size(file());
        put(rows, SECOND);
        long all = Files.size(file());
        rows.closeLater().block();
        byte[] bytes = Files.readAllBytes(file());

        for (long length = whole; length < all; length++) {
            Files.write(file(), java.util.Arrays.copyOf(bytes, (int) length));
            rows = open();
            assertThat(read(rows, FIRST)).isNotNull();
            assertThat(read(rows, SECOND)).as("cut at %s", length).isNull();
            put(rows, SECOND);
            assertThat(read(rows, SECOND)).isNotNull();
            rows.closeLater().block();
        }
    }

    @Test
    void aDamagedRecordIsAnErrorAndTheFileIsLeftAsItIs() throws IOException {
        HighVolumeBackend rows = open();
        put(rows, FIRST);
        long firstRecord = Files.size(file());
        put(rows, SECOND);
        rows.closeLater().block();
        byte[] bytes = Files.readAllBytes(file());

        for (int position = 0; position < firstRecord; position++) {
            byte[] damaged = bytes.clone();
            damaged[position] ^= 1;
            Files.write(file(), damaged);
            assertThatThrownBy(this::open).as("byte %s", position).isInstanceOf(IntegrityException.class);
            assertThat(file()).hasBinaryContent(damaged);
        }
    }

    @Test
    void aWriteThatFailsIsUnknownAndTheOnesAfterItAreRefused() throws IOException {
        Journal journal = new Journal(directory, false, 8, 0);
        HighVolumeBackend rows = new JournalRows(journal, clock);
        put(rows, FIRST);
        journal.file.close();

        assertThatThrownBy(() -> put(rows, SECOND)).isInstanceOf(OutcomeUnknownException.class);
        assertThatThrownBy(() -> put(rows, SECOND))
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("open the store again");
        assertThat(read(rows, FIRST)).isNotNull();
        assertThat(Objects.requireNonNull(rows.check().block()).healthy()).isFalse();
        rows.closeLater().block();
    }

    @Test
    void aDirectoryBelongsToOneStoreAtATime() {
        HighVolumeBackend rows = open();
        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is open already");
        rows.closeLater().block();

        open().closeLater().block();
    }

    @Test
    void markersAndExpiredRowsAreForgottenAtAnOpeningButNotBeforeTheirTime() {
        Duration retention = Duration.ofHours(25);
        HighVolumeBackend rows = open();
        put(rows, FIRST);
        rows.deleteUnlessTombstone(FIRST, clock.newWriteId()).block();
        rows.putUnlessTombstone(SECOND, clock.newWriteId(), object(Deadline.at(clock.now())))
                .block();
        clock.advance(retention);
        rows = reopened(rows);
        assertThat(Objects.requireNonNull(read(rows, FIRST)).kind()).isEqualTo(RowKind.MARKER);
        assertThat(Objects.requireNonNull(read(rows, SECOND)).kind()).isEqualTo(RowKind.INLINE);

        clock.advance(Duration.ofSeconds(1));
        rows = reopened(rows);
        assertThat(read(rows, FIRST)).isNull();
        assertThat(read(rows, SECOND)).isNull();
        rows.closeLater().block();
    }

    @Test
    void theFileIsNoLongerThanItsRowsAfterAnOpening() throws IOException {
        HighVolumeBackend rows = open();
        put(rows, FIRST);
        long one = Files.size(file());
        for (int i = 0; i < 9; i++) {
            put(rows, FIRST);
        }
        assertThat(Files.size(file())).isEqualTo(10 * one);

        reopened(rows).closeLater().block();
        assertThat(Files.size(file())).isEqualTo(one);
    }

    @Test
    void itIsFoundByItsNameAndItsOptionsAreChecked() {
        Backends.open(BackendRole.HIGH_VOLUME, "journal", Map.of("path", directory.toString()), TerraceRuntime.system())
                .closeLater()
                .block();

        assertThatThrownBy(() ->
                        Backends.open(BackendRole.HIGH_VOLUME, "journal", Map.of("pth", "x"), TerraceRuntime.system()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did you mean 'path'?");
    }

    private HighVolumeBackend open() {
        return JournalProvider.open(directory, false, 8, clock);
    }

    private HighVolumeBackend reopened(HighVolumeBackend rows) {
        rows.closeLater().block();
        return open();
    }

    private Path file() {
        return directory.resolve("journal");
    }

    private void put(HighVolumeBackend rows, ObjectId id) {
        rows.putUnlessTombstone(id, clock.newWriteId(), object(Deadline.NONE)).block();
    }

    private static @Nullable Row read(HighVolumeBackend rows, ObjectId id) {
        return rows.read(id, RowProjection.FULL).block();
    }

    private static InlineObject object(Deadline deadline) {
        byte[] bytes = "some text".getBytes(StandardCharsets.UTF_8);
        return new InlineObject(ObjectMetadata.of("text/plain"), deadline, ByteBuffer.wrap(bytes));
    }
}
