// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;

/** A read that is served from memory is served what a read from the disk would be. */
class InMemoryReadTest {

    private static final int KEYS = 1000;
    private static final int ROUNDS = 12;

    @TempDir
    Path root;

    /**
     * Many tables hold versions of the same keys, and a small cache holds now this part of them and now that one: blocks of older
     * tables, while what says where newer versions are is not there.
     */
    @Test
    void whatIsInMemoryIsTheNewestThereIs() throws Exception {
        Random random = new Random(5);
        byte[] versions = new byte[KEYS];
        for (byte round = 0; round < ROUNDS; round++) {
            Database writer = open();
            try (WriteBatch batch = new WriteBatch()) {
                for (int i = 0; i < KEYS; i++) {
                    if (round == 0 || random.nextInt(3) == 0) {
                        byte[] value = Samples.bytes(100, random.nextLong());
                        value[0] = round;
                        versions[i] = round;
                        writer.put(batch, Family.HEADS, key(i), value);
                    }
                }
                writer.write(batch);
            }
            writer.close();
        }
        Database database = open();
        int found = 0;
        int unknown = 0;
        int wrong = 0;
        for (int i = 0; i < 200_000; i++) {
            int number = Math.floorMod(i / 50 * 37 + random.nextInt(20), KEYS);
            byte[] value = database.getIfInMemory(Family.HEADS, key(number));
            if (value == null) {
                unknown++;
            } else {
                found++;
                wrong += value.length == 100 && value[0] == versions[number] ? 0 : 1;
            }
            if (random.nextInt(10) == 0) {
                database.get(Family.HEADS, key(number));
            }
        }
        database.close();
        assertThat(wrong).isZero();
        assertThat(found).isGreaterThan(10_000);
        assertThat(unknown).isGreaterThan(10_000);
    }

    @Test
    void whatWasWrittenIsReadOnTheCallersThreadAndWhatIsColdIsNot() {
        RocksDbRows rows = RocksDbRows.builder(root, RUNTIME).fsync(false).build();
        await(rows.putUnlessTombstone(id("key"), RUNTIME.newWriteId(), inline("text")));
        assertThat(threadOf(rows)).isSameAs(Thread.currentThread());
        await(rows.closeLater());

        RocksDbRows cold = RocksDbRows.builder(root, RUNTIME).fsync(false).build();
        assertThat(threadOf(cold).getName()).startsWith("terrace-rocksdb-reads-");
        assertThat(threadOf(cold)).isSameAs(Thread.currentThread());
        await(cold.closeLater());
    }

    private static Thread threadOf(RocksDbRows rows) {
        Thread[] thread = new Thread[1];
        Row row = await(rows.read(id("key"), RowProjection.FULL).doOnNext(read -> thread[0] = Thread.currentThread()));
        assertThat(Samples.text(row.payload())).isEqualTo("text");
        return thread[0];
    }

    private Database open() throws Exception {
        RocksDB.loadLibrary();
        return new Database(root.resolve("rocksdb"), true, false, 50 << 10, 1 << 20);
    }

    private static byte[] key(int number) {
        return Keys.utf8(String.format("key%06d", number));
    }
}
