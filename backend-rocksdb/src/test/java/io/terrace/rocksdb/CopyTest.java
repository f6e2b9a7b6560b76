// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.spi.Row;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A store is copied while it is in use. */
class CopyTest {

    @TempDir
    Path parent;

    private RocksDbRows rows;

    @AfterEach
    void close() {
        await(rows.closeLater());
    }

    @Test
    void aCopyHasWhatWasAcknowledgedBeforeAndNothingThatCameLater() {
        rows = open("store");
        put("small", "text");
        put("large", "x".repeat(10_000));
        await(rows.copyTo(parent.resolve("a/copy")));
        put("small", "changed");
        await(rows.deleteUnlessTombstone(id("large"), RUNTIME.newWriteId()));
        put("late", "text");

        RocksDbRows copy = open("a/copy");
        assertThat(text(copy, "small")).isEqualTo("text");
        assertThat(text(copy, "large")).isEqualTo("x".repeat(10_000));
        assertThat(await(copy.read(id("late"), RowProjection.HEAD))).isNull();
        await(copy.putUnlessTombstone(id("own"), RUNTIME.newWriteId(), inline("text")));
        await(copy.closeLater());
        assertThat(text(rows, "small")).isEqualTo("changed");
        assertThat(await(rows.read(id("own"), RowProjection.HEAD))).isNull();
    }

    /** Rows are written in the order of their numbers, so a copy of one moment ends at one of them. */
    @Test
    void aCopyBesideAWriterIsOfOneMoment() {
        rows = open("store");
        AtomicInteger written = new AtomicInteger();
        Disposable writing = Flux.range(0, Integer.MAX_VALUE)
                .concatMap(i -> rows.putUnlessTombstone(id(key(i)), RUNTIME.newWriteId(), inline("text"))
                        .doOnNext(done -> written.incrementAndGet()))
                .subscribe();
        List<Integer> before = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                int least = written.get() + 200;
                await(Mono.defer(() -> rows.check()).repeat(() -> written.get() < least));
                before.add(written.get());
                await(rows.copyTo(parent.resolve("copy" + i)));
            }
        } finally {
            writing.dispose();
        }
        for (int i = 0; i < 5; i++) {
            RocksDbRows copy = open("copy" + i);
            List<String> keys = await(copy.scan("", "")).stream()
                    .map(ListedRow::id)
                    .map(id -> id.key())
                    .toList();
            await(copy.closeLater());
            assertThat(keys).hasSizeGreaterThanOrEqualTo(before.get(i));
            assertThat(keys).last().isEqualTo(key(keys.size() - 1));
        }
    }

    @Test
    void aCopyGoesIntoAnEmptyDirectoryOnly() throws Exception {
        rows = open("store");
        put("key", "text");
        Path foreign = Files.createDirectories(parent.resolve("foreign"));
        Files.writeString(foreign.resolve("file"), "mine");
        await(rows.copyTo(parent.resolve("copy")));

        assertThatThrownBy(() -> await(rows.copyTo(foreign)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("file");
        assertThatThrownBy(() -> await(rows.copyTo(parent.resolve("copy"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Choose an empty directory");
        assertThatThrownBy(() -> await(rows.copyTo(parent.resolve("store"))))
                .isInstanceOf(ConfigurationException.class);
        assertThat(foreign.resolve("file")).hasContent("mine");
        assertThat(foreign).isDirectoryNotContaining("glob:**/rocksdb");
        await(rows.closeLater());
        assertThatThrownBy(() -> await(rows.copyTo(parent.resolve("late"))))
                .isInstanceOf(BackendUnavailableException.class);
    }

    private static String key(int number) {
        return String.format("key%08d", number);
    }

    private void put(String key, String text) {
        await(rows.putUnlessTombstone(id(key), RUNTIME.newWriteId(), inline(text)));
    }

    private static String text(RocksDbRows from, String key) {
        Row row = await(from.read(id(key), RowProjection.FULL));
        return Samples.text(row.payload());
    }

    private RocksDbRows open(String name) {
        return RocksDbRows.builder(parent.resolve(name), RUNTIME).build();
    }
}
