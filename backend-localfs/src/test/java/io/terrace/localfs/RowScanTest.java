// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.id;
import static io.terrace.localfs.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.IntegrityException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Scopes;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Rows in order out of directories that have none, without opening more of them than are wanted. */
class RowScanTest {

    @TempDir
    Path root;

    private HighVolumeBackend rows;

    @BeforeEach
    void open() {
        rows = LocalFs.builder(root, RUNTIME).fsync(Fsync.NEVER).build().rows();
    }

    @AfterEach
    void close() {
        await(rows.closeLater());
    }

    @Test
    void namesThatAreHashesLieInTheirPlaceAmongTheOthers() {
        String wide = "v".repeat(120);
        Scopes deep = Scopes.none();
        for (int i = 0; i < 10; i++) {
            deep = deep.and("n", wide);
        }
        List<ObjectId> ids = new ArrayList<>();
        for (Scopes scopes : List.of(
                Scopes.none(),
                Scopes.none().and("a", "1"),
                Scopes.none().and("m".repeat(120), wide),
                deep,
                deep.and("z", "1"),
                Scopes.none().and("z", "1"))) {
            for (String key : List.of("a", "m".repeat(201), "m".repeat(202), "\u65e5".repeat(40), "z")) {
                ids.add(ObjectId.of(ObjectContext.of("u", scopes), key));
            }
        }
        put(ids);
        List<String> inOrder =
                ids.stream().map(ObjectId::storagePath).sorted(RowListing.ORDER).toList();
        assertThat(paths("", "")).isEqualTo(inOrder);
        for (String start : inOrder) {
            assertThat(paths("u/", start)).isEqualTo(inOrder.subList(inOrder.indexOf(start) + 1, inOrder.size()));
        }
    }

    @Test
    void whatDoesNotFitIntoOneLookIsFoundByTheNext() {
        List<ObjectId> ids = IntStream.range(0, 300)
                .mapToObj(i -> id("k" + (1000 + i) + "x".repeat(i % 3 * 300)))
                .toList();
        put(ids);
        assertThat(paths("", ""))
                .isEqualTo(ids.stream().map(ObjectId::storagePath).toList());
    }

    @Test
    void onlyRowsThatAreAskedForAreOpened() throws IOException {
        List<ObjectId> ids = ids(2000);
        // Not written but named: to open one of these is an error.
        for (ObjectId id : ids) {
            Path file = StorePaths.row(root.resolve("rows"), id);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        List<ObjectId> page = ids.subList(1000, 1101);
        for (ObjectId id : page) {
            Files.delete(StorePaths.row(root.resolve("rows"), id));
        }
        put(page);
        String after = ids.get(999).storagePath();
        StepVerifier.create(scan("", after), page.size())
                .expectNextSequence(page.stream().map(ObjectId::storagePath).toList())
                .thenRequest(1)
                .verifyError(IntegrityException.class);
    }

    @Test
    void aRowThatGoesAfterItWasFoundIsPassedOverAndOneThatChangesIsListedAsItIs() throws IOException {
        List<ObjectId> ids = ids(10);
        put(ids);
        StepVerifier.create(scan("", ""), 2)
                .expectNext(ids.get(0).storagePath(), ids.get(1).storagePath())
                .then(() -> delete(ids.get(5)))
                .thenRequest(100)
                .expectNextSequence(ids.stream()
                        .skip(2)
                        .filter(id -> !id.equals(ids.get(5)))
                        .map(ObjectId::storagePath)
                        .toList())
                .verifyComplete();
    }

    @Test
    void aCopyInThePlaceOfAnotherRowIsNotListed() throws IOException {
        ObjectId hashed = id("x".repeat(500));
        put(List.of(id("k"), hashed));
        for (ObjectId from : List.of(id("k"), hashed)) {
            for (ObjectId to : List.of(id("other"), id("y".repeat(500)))) {
                Path copy = StorePaths.row(root.resolve("rows"), to);
                Files.createDirectories(copy.getParent());
                Files.deleteIfExists(copy);
                Files.copy(StorePaths.row(root.resolve("rows"), from), copy);
            }
            assertThat(paths("", "")).containsExactly(id("k").storagePath(), hashed.storagePath());
        }
    }

    private static List<ObjectId> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> id("k" + (10_000 + i))).toList();
    }

    private void delete(ObjectId id) {
        try {
            Files.delete(StorePaths.row(root.resolve("rows"), id));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void put(List<ObjectId> ids) {
        await(Flux.fromIterable(ids).flatMap(id -> rows.putUnlessTombstone(id, RUNTIME.newWriteId(), inline("v")), 32));
    }

    private List<String> paths(String prefix, String after) {
        return await(scan(prefix, after));
    }

    private Flux<String> scan(String prefix, String after) {
        return ((RowListing) rows).scan(prefix, after).map(row -> row.id().storagePath());
    }
}
