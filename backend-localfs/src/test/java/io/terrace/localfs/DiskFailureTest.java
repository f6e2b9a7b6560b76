// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.blobId;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.localfs.Failpoint.Step;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** The disk fails at each step of a write: what is said about it, and what is true. */
class DiskFailureTest {

    @TempDir
    Path root;

    private final Failing disk = new Failing();
    private HighVolumeBackend rows;
    private LongTermBackend blobs;

    @BeforeEach
    void open() {
        LocalFs store = LocalFs.builder(root, RUNTIME).failpoint(disk).build();
        rows = store.rows();
        blobs = store.blobs();
        await(put("before"));
        await(blobs.put(blobId("k"), METADATA, Payload.ofText("before"), CommitGate.OPEN));
    }

    @AfterEach
    void close() {
        await(rows.closeLater());
        await(blobs.closeLater());
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "FORCE_FILE", "PUBLISH", "PUBLISHED", "FORCE_DIRECTORY"})
    void aFullDiskLeavesARowAsItWasOrTheOutcomeUnknown(Step step) throws IOException {
        disk.fail(step, "No space left on device");
        TerraceException error = failureOf(put("after"));
        disk.repair();
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
        if (step.compareTo(Step.PUBLISH) <= 0) {
            assertThat(error).isInstanceOf(AtCapacityException.class).hasMessageContaining("disk is full");
            assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
            assertThat(value()).isEqualTo("before");
            await(put("again"));
            assertThat(value()).isEqualTo("again");
        } else {
            assertThat(error).isInstanceOf(OutcomeUnknownException.class);
            assertReadOnly();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_FILE", "PUBLISH", "PUBLISHED", "FORCE_DIRECTORY"})
    void aBrokenDiskEndsAllWritingOfRowsAndReadsGoOn(Step step) throws IOException {
        disk.fail(step, "Input/output error");
        TerraceException error = failureOf(put("after"));
        disk.repair();
        if (step == Step.FORCE_FILE) {
            assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
            assertThat(value()).isEqualTo("before");
        } else {
            assertThat(error).isInstanceOf(OutcomeUnknownException.class);
            assertThat(value()).isIn("before", "after");
        }
        assertReadOnly();
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void aNewDirectoryThatIsNotDurableLeavesNothingAndEndsAllWriting() throws IOException {
        disk.fail(Step.FORCE_DIRECTORY, "Input/output error");
        ObjectId elsewhere = ObjectId.of(ObjectContext.of("elsewhere"), "k");
        TerraceException error = failureOf(rows.putUnlessTombstone(elsewhere, RUNTIME.newWriteId(), inline("v")));
        disk.repair();
        assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        assertThat(await(rows.read(elsewhere, RowProjection.HEAD))).isNull();
        assertReadOnly();
    }

    @Test
    void directoriesThatSomebodyRemovesAreMadeAgain() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("rows"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        failureOf(put("lost"));
        await(put("again"));
        assertThat(value()).isEqualTo("again");
    }

    @Test
    void aFailedWriteIsForgotten() throws IOException {
        disk.fail(Step.WRITE, "Input/output error");
        TerraceException error = failureOf(put("after"));
        disk.repair();
        assertThat(error).isInstanceOf(BackendUnavailableException.class);
        assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        await(put("again"));
        assertThat(value()).isEqualTo("again");
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "FORCE_FILE", "PUBLISH", "PUBLISHED", "FORCE_DIRECTORY"})
    void aBlobWhoseWriteFailsIsNotThereOrTheOutcomeIsUnknown(Step step) throws IOException {
        BlobId id = blobId("k");
        disk.fail(step, "No space left on device");
        TerraceException error =
                failureOf(blobs.put(id, METADATA, Payload.of(Samples.bytes(5000, 1)), CommitGate.OPEN));
        disk.repair();
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
        if (step.compareTo(Step.PUBLISH) <= 0) {
            assertThat(error).isInstanceOf(AtCapacityException.class);
            assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
            assertThat(await(blobs.head(id))).isNull();
        } else {
            assertThat(error).isInstanceOf(OutcomeUnknownException.class);
            assertThat(await(blobs.check()).healthy()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REMOVE", "FORCE_DIRECTORY"})
    void aDeletionThatFailsLeavesTheOutcomeUnknown(Step step) {
        disk.fail(step, "Input/output error");
        assertThat(failureOf(blobs.delete(blobId("k")).thenReturn(true)).determinacy())
                .isEqualTo(Determinacy.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Permission denied", "Operation not permitted", "Read-only file system"})
    void whatTheProcessMayNotDoIsSaidSo(String text) {
        disk.fail(Step.WRITE, text);
        assertThat(failureOf(put("after")))
                .isInstanceOf(PermissionDeniedException.class)
                .hasMessageContaining("read and write access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Too many open files", "Disk quota exceeded", "No space left on device"})
    void whatThereIsNotEnoughOfIsNoCapacity(String text) {
        disk.fail(Step.WRITE, text);
        assertThat(failureOf(put("after"))).isInstanceOf(AtCapacityException.class);
    }

    private void assertReadOnly() {
        assertThat(failureOf(put("more")))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("open the store again");
        assertThat(await(rows.check()))
                .satisfies(health -> assertThat(health.healthy()).isFalse())
                .satisfies(health -> assertThat(health.detail()).contains("read-only"));
        assertThat(value()).isNotNull();
    }

    private Mono<?> put(String text) {
        return rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline(text));
    }

    private String value() {
        Row row = await(rows.read(id("k"), RowProjection.FULL));
        return Samples.text(row.payload());
    }

    private static TerraceException failureOf(Mono<?> mono) {
        return catchThrowableOfType(TerraceException.class, () -> await(mono));
    }
}
