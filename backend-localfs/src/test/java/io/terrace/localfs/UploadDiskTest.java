// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.METADATA;
import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.blobId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.UploadedPart;
import io.terrace.localfs.Failpoint.Step;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.check.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The disk is full, or spoils a part, while a blob is uploaded in parts. */
class UploadDiskTest {

    private static final byte[] FIRST = Samples.bytes(5000, 1);
    private static final byte[] SECOND = Samples.bytes(3000, 2);

    @TempDir
    Path root;

    private final Failing disk = new Failing();
    private LongTermBackend blobs;
    private MultipartUploads uploads;
    private BlobId blob;
    private UploadSession session;
    private UploadedPart first;
    private UploadedPart second;

    @BeforeEach
    void uploadTwoParts() {
        blobs = LocalFs.builder(root, RUNTIME).failpoint(disk).build().blobs();
        uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        // Makes the directory of the object, whose failure would be another one.
        await(blobs.put(blobId("k"), METADATA, Payload.ofText("before"), CommitGate.OPEN));
        blob = blobId("k");
        session = await(uploads.start(blob, METADATA));
        first = await(part(1, FIRST));
        second = await(part(2, SECOND));
    }

    @AfterEach
    void close() {
        await(blobs.closeLater());
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "FORCE_FILE", "PUBLISH"})
    void aDiskThatIsFullWhileAPartIsWrittenLeavesThePartBefore(Step step) throws IOException {
        disk.fail(step, "No space left on device");
        TerraceException error = failureOf(part(2, Samples.bytes(9000, 3)));
        disk.repair();
        assertThat(error).isInstanceOf(AtCapacityException.class).hasMessageContaining("disk is full");
        assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        assertNothingIsStaged();
        await(uploads.complete(session, List.of(first, second)));
        assertWhole();
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "FORCE_FILE", "PUBLISH", "PUBLISHED", "FORCE_DIRECTORY"})
    void aDiskThatIsFullWhilePartsAreJoinedLeavesTheUploadOrTheOutcomeUnknown(Step step) throws IOException {
        disk.fail(step, "No space left on device");
        TerraceException error = failureOf(complete());
        disk.repair();
        assertNothingIsStaged();
        if (step.compareTo(Step.PUBLISH) <= 0) {
            assertThat(error).isInstanceOf(AtCapacityException.class);
            assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
            assertThat(await(blobs.head(blob))).isNull();
            await(complete());
            assertWhole();
        } else {
            assertThat(error).isInstanceOf(OutcomeUnknownException.class);
            assertThat(await(blobs.check()).healthy()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, PartFrame.BYTES, PartFrame.BYTES + 1000, PartFrame.BYTES + 2999})
    void aByteOfAPartThatChangedIsReportedByItsNameAndMakesNoBlob(int at) throws IOException {
        Path file = fileOf(2);
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
        assertSecondIsReported();
        await(part(2, SECOND));
        await(complete());
        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, PartFrame.BYTES, PartFrame.BYTES + 2999, PartFrame.BYTES + 3001})
    void aPartThatWasTruncatedOrExtendedIsReportedByItsNameAndMakesNoBlob(int length) throws IOException {
        Path file = fileOf(2);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertSecondIsReported();
    }

    @Test
    void nothingStaysOpenWhateverBecameOfAnUpload() throws IOException {
        Path file = fileOf(2);
        byte[] sound = Files.readAllBytes(file);
        byte[] spoilt = sound.clone();
        spoilt[spoilt.length - 1] ^= 1;
        LeakProbe leaks = LeakProbe.start();
        for (int i = 0; i < 30; i++) {
            Files.write(file, spoilt);
            failureOf(complete());
            Files.write(file, sound);
            disk.fail(i % 2 == 0 ? Step.WRITE : Step.PUBLISH, "No space left on device");
            failureOf(complete());
            failureOf(part(3, FIRST));
            disk.repair();
            failureOf(uploads.complete(session, List.of(first, new UploadedPart(9, "none"))));
            uploads.uploadPart(session, 4, Payload.from(Flux.never()), null)
                    .subscribe()
                    .dispose();
            UploadSession other = await(uploads.start(blobId("other"), METADATA));
            await(uploads.uploadPart(other, 1, Payload.of(FIRST), null));
            await(uploads.abort(other));
        }
        await(complete());
        assertWhole();
        await(blobs.closeLater());
        leaks.assertNothingLeaked();
        assertNothingIsStaged();
        assertThat(Samples.filesBelow(root)).noneMatch(path -> path.toString().endsWith(".part"));
    }

    private void assertSecondIsReported() throws IOException {
        assertThatThrownBy(() -> await(complete()))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("art 2 of the " + session)
                .hasMessageContaining("is damaged");
        assertThat(await(blobs.head(blob))).isNull();
        assertNothingIsStaged();
        // The upload is not over: another part 2 makes it whole.
        assertThat(await(((UploadSessionListing) uploads).sessions(""))).containsExactly(session);
    }

    private void assertNothingIsStaged() throws IOException {
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    private void assertWhole() {
        byte[] all = Arrays.copyOf(FIRST, FIRST.length + SECOND.length);
        System.arraycopy(SECOND, 0, all, FIRST.length, SECOND.length);
        assertThat(Samples.readAll(blobs, blob)).isEqualTo(all);
    }

    private Path fileOf(int number) throws IOException {
        return Samples.filesBelow(root).stream()
                .filter(path -> path.endsWith(number + ".part"))
                .findFirst()
                .orElseThrow();
    }

    private Mono<UploadedPart> part(int number, byte[] bytes) {
        return uploads.uploadPart(session, number, Payload.of(bytes), null);
    }

    private Mono<?> complete() {
        return uploads.complete(session, List.of(first, second));
    }

    private static TerraceException failureOf(Mono<?> mono) {
        return catchThrowableOfType(TerraceException.class, () -> await(mono));
    }
}
