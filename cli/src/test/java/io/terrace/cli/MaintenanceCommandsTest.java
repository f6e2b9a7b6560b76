// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.CommitGate;
import io.terrace.spi.EntryId;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceCommandsTest {

    private static final ObjectId LARGE = ObjectId.parse("media/_/large");

    @TempDir
    Path data;

    @BeforeEach
    void storeOneOfEachKind() {
        put("media/_/small", 5);
        put(LARGE.toString(), 2_000_000);
    }

    private void put(String name, int size, String... options) {
        String[] arguments = Stream.concat(Stream.of("put", "-", name, "--data", data.toString()), Stream.of(options))
                .toArray(String[]::new);
        Run.withInput(new byte[size], arguments).succeeds();
    }

    private Run run(String command, String... options) {
        return Run.of(Stream.concat(Stream.of(command, "--data", data.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void aSoundStoreVerifies() {
        assertThat(run("verify").succeeds().out())
                .isEqualTo("verify: 0 dangling, 0 orphan, 0 corrupt, 0 expired, 0 open-change\n");
        run("verify", "--quick").succeeds();
    }

    @Test
    void anExpiredObjectIsReportedAndIsNoFault() {
        put("media/_/gone", 1, "--expire", "ttl:0s");
        assertThat(run("verify").succeeds().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("expired").contains("media/_/gone"))
                .contains("verify: 0 dangling, 0 orphan, 0 corrupt, 1 expired, 0 open-change");
    }

    @Test
    void aRowWithoutItsBlobIsDangling() throws IOException {
        Files.delete(blobFile());
        Run verify = run("verify", "--quick");
        assertThat(verify.exitCode()).isEqualTo(ExitCode.FAULT);
        assertThat(verify.out()).contains("dangling     " + LARGE, "verify: 1 dangling, 0 orphan");
        Run.of("get", LARGE.toString(), "-", "--data", data.toString()).fails(ExitCode.FAULT);
    }

    @Test
    void aFlippedByteIsFoundByReadingAndNotByTheQuickLook() throws IOException {
        Path file = blobFile();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1000] ^= 1;
        Files.write(file, bytes);
        run("verify", "--quick").succeeds();
        Run verify = run("verify", "--json");
        assertThat(verify.exitCode()).isEqualTo(ExitCode.FAULT);
        assertThat(verify.json()).hasSize(2);
        JsonNode finding = verify.json().get(0);
        assertThat(finding.path("kind").asText()).isEqualTo("corrupt");
        assertThat(finding.path("fault").asBoolean()).isTrue();
        assertThat(finding.path("name").asText()).isEqualTo(LARGE.toString());
        assertThat(verify.json().get(1).path("summary").path("corrupt").asLong())
                .isEqualTo(1);
        Run.of("get", LARGE.toString(), data.resolveSibling("copy").toString(), "--data", data.toString())
                .fails(ExitCode.FAULT, "damaged");
        assertThat(data.resolveSibling("copy")).doesNotExist();
    }

    @Test
    void verifyFindsABlobThatNothingRefersToAndRecoverDeletesIt() {
        leaveAnOrphan();
        for (int twice = 0; twice < 2; twice++) {
            Run verify = run("verify", "--quick");
            assertThat(verify.exitCode()).isEqualTo(ExitCode.FAULT);
            assertThat(verify.out()).contains("orphan       media/_/lost", "verify: 0 dangling, 1 orphan");
        }
        assertThat(run("recover").succeeds().lines())
                .containsExactly(
                        "changes: 0 settled, 0 pinned, 0 failed",
                        "blobs: 1 kept, 1 deleted, 0 expired, 0 pinned, 0 failed",
                        "rows: 0 removed");
        JsonNode again = run("recover", "--json").succeeds().json().get(0);
        assertThat(again.path("blobs").path("kept").asLong()).isEqualTo(1);
        assertThat(again.path("blobs").path("deleted").asLong()).isZero();
        run("verify").succeeds();
    }

    @Test
    void aStoreThatSomebodyHasIsBusyForEveryCommand() {
        try (EmbeddedStore holder = EmbeddedStore.at(data).open()) {
            String pid = String.valueOf(ProcessHandle.current().pid());
            assertThat(holder.objects().check().block()).isNotNull();
            run("ls").fails(ExitCode.UNAVAILABLE, "in use", pid);
            run("verify").fails(ExitCode.UNAVAILABLE, "in use", pid);
            run("recover").fails(ExitCode.UNAVAILABLE, "in use", pid);
        }
        run("ls").succeeds();
    }

    @Test
    void verifyReportsAnOpenChangeAsNoFaultAndRecoverSettlesIt() {
        try (EmbeddedStore store = EmbeddedStore.at(data).open()) {
            ChangeEntry entry = ChangeEntry.open(
                    new EntryId(new UUID(0x0189_0a5d_ac96_774bL, 9)), LARGE, null, WriteId.NONE, List.of());
            store.log().append(entry).block();
        }
        assertThat(run("verify", "--quick").succeeds().lines())
                .hasSize(2)
                .contains("verify: 0 dangling, 0 orphan, 0 corrupt, 0 expired, 1 open-change");
        run("verify", "--quick").succeeds();
        assertThat(run("recover").succeeds().out()).startsWith("changes: 1 settled, 0 pinned, 0 failed\n");
        assertThat(run("verify").succeeds().lines()).hasSize(1);
    }

    @Test
    void theTwoDepthsExcludeEachOther() {
        run("verify", "--quick", "--content").fails(ExitCode.USAGE, "--content and --quick");
    }

    private void leaveAnOrphan() {
        try (EmbeddedStore store = EmbeddedStore.at(data).open()) {
            BlobId lost = new BlobId(ObjectId.parse("media/_/lost"), new UUID(0x0189_0a5d_ac96_774bL, 7));
            Objects.requireNonNull(store.blobs()
                    .put(lost, ObjectMetadata.defaults(), Payload.of("lost".getBytes(UTF_8)), CommitGate.OPEN)
                    .block());
        }
    }

    private Path blobFile() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("files/blobs"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}
