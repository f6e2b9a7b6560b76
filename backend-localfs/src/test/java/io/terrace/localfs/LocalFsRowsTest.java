// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class LocalFsRowsTest {

    @TempDir
    Path root;

    private HighVolumeBackend rows;

    @BeforeEach
    void open() {
        rows = LocalFs.at(root, RUNTIME).rows();
    }

    @AfterEach
    void close() {
        await(rows.closeLater());
    }

    @Test
    void aRowThatWasPutIsReadByAnotherInstance() {
        WriteId w = RUNTIME.newWriteId();
        assertThat(await(rows.putUnlessTombstone(id("k"), w, inline("value"))))
                .isEqualTo(new BlindOutcome.Done(RowVersion.of(w, 0)));
        HighVolumeBackend other = LocalFs.at(root, RUNTIME).rows();
        Row row = await(other.read(id("k"), RowProjection.FULL));
        assertThat(Samples.text(row.payload())).isEqualTo("value");
        assertThat(row.version()).isEqualTo(RowVersion.of(w, 0));
        assertThat(await(other.read(id("k"), RowProjection.HEAD)).payload()).isNull();
        await(other.closeLater());
    }

    @Test
    void aRefusalReportsTheRowThatRefusedAndLeavesNoTemporaryFile() throws IOException {
        WriteId w = RUNTIME.newWriteId();
        await(rows.putUnlessTombstone(id("k"), w, inline("1")));
        CasOutcome outcome = await(
                rows.compareAndSet(id("k"), RowVersion.ABSENT, new RowWrite.Inline(RUNTIME.newWriteId(), inline("2"))));
        assertThat(outcome).isInstanceOfSatisfying(CasOutcome.Refused.class, refused -> {
            assertThat(refused.observed().version()).isEqualTo(RowVersion.of(w, 0));
            assertThat(refused.ambiguousAttempt()).isFalse();
        });
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void aBumpOfAnInlineRowKeepsItsPayload() {
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("value")));
        RowHead head = await(rows.read(id("k"), RowProjection.HEAD)).head();
        assertThat(await(rows.bump(id("k"), head, RowChange.fence(5))))
                .isEqualTo(new CasOutcome.Applied(RowVersion.of(head.writeId(), 1)));
        assertThat(Samples.text(await(rows.read(id("k"), RowProjection.FULL)).payload()))
                .isEqualTo("value");
    }

    @Test
    void everyKindOfKeyIsListedExactlyOnceAndByItsPrefix() {
        Set<ObjectId> ids = new HashSet<>();
        for (String key :
                new String[] {"a", "a/b", "A", "ä", "x".repeat(1024), "ü".repeat(300), "%61", "~", "a.b", " "}) {
            ids.add(id(key));
        }
        for (int i = 0; i < 400; i++) {
            ids.add(id("many/" + i));
        }
        assertThat(await(Flux.fromIterable(ids)
                        .flatMap(id -> rows.putUnlessTombstone(id, RUNTIME.newWriteId(), inline(id.key())), 32)))
                .hasSize(ids.size());
        assertThat(keysBelow("")).isEqualTo(ids.stream().map(ObjectId::key).collect(Collectors.toSet()));
        assertThat(keysBelow("docs/org.17/objects/many/1")).hasSize(111);
        assertThat(keysBelow("docs/org.17/objects/xxx")).containsExactly("x".repeat(1024));
        assertThat(keysBelow("docs/or")).hasSize(ids.size());
        assertThat(keysBelow("other")).isEmpty();
    }

    @Test
    void whatIsNotARowIsNotListed() throws IOException {
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("1")));
        Path file = Samples.filesBelow(root.resolve("rows")).get(0);
        Files.writeString(file.resolveSibling("notes.txt"), "mine");
        Files.writeString(root.resolve("rows").resolve("README"), "mine");
        assertThat(keysBelow("")).containsExactly("k");
    }

    @Test
    void aDamagedRowIsReportedByEveryOperationAndNotOverwritten() throws IOException {
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("value")));
        Path file = Samples.filesBelow(root.resolve("rows")).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[30] ^= 1;
        Files.write(file, bytes);
        StepVerifier.create(rows.read(id("k"), RowProjection.HEAD)).verifyError(IntegrityException.class);
        StepVerifier.create(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("2")))
                .verifyError(IntegrityException.class);
        StepVerifier.create(((RowListing) rows).scan("", "")).verifyError(IntegrityException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void aDamagedPayloadIsFoundWhenItIsReadAndATruncatedFileAlways() throws IOException {
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("value")));
        Path file = Samples.filesBelow(root.resolve("rows")).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        StepVerifier.create(rows.read(id("k"), RowProjection.FULL)).verifyError(IntegrityException.class);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            StepVerifier.create(rows.read(id("k"), RowProjection.HEAD)).verifyError(IntegrityException.class);
        }
    }

    @Test
    void aFileInThePlaceOfAnotherRowIsNotTakenForIt() throws IOException {
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), inline("value")));
        Path other = StorePaths.row(root.resolve("rows"), id("other"));
        Files.createDirectories(other.getParent());
        Files.copy(Samples.filesBelow(root.resolve("rows")).get(0), other);
        StepVerifier.create(rows.read(id("other"), RowProjection.HEAD)).verifyError(IntegrityException.class);
    }

    private Set<String> keysBelow(String prefix) {
        var listed =
                await(((RowListing) rows).scan(prefix, "").map(ListedRow::id).map(ObjectId::key));
        assertThat(listed).doesNotHaveDuplicates();
        return new HashSet<>(listed);
    }
}
