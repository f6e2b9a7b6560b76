// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Payloads that nobody can read any more do not fill the disk. */
class PayloadSpaceTest {

    private static final int ROUNDS = 60;
    private static final int OVERWRITTEN = 400;
    private static final int KEPT = 25;
    private static final int BYTES = 8 << 10;

    @TempDir
    Path root;

    /** In each file a few payloads stay, between many that are overwritten: so no file ever is all garbage. */
    @Test
    void aFewRowsThatStayDoNotHoldTheRoomOfManyThatWent() throws Exception {
        RocksDbRows rows = RocksDbRows.builder(root, RUNTIME)
                .fsync(false)
                .writeBufferBytes(1 << 20)
                .build();
        for (int round = 0; round < ROUNDS; round++) {
            int now = round;
            await(Flux.range(0, OVERWRITTEN + KEPT)
                    .flatMap(
                            i -> rows.putUnlessTombstone(
                                    id(i < OVERWRITTEN ? "overwritten" + i : "kept" + now + "-" + i),
                                    RUNTIME.newWriteId(),
                                    inline(Samples.bytes(BYTES, seed(now, i)))),
                            64));
        }
        long live = (OVERWRITTEN + (long) ROUNDS * KEPT) * BYTES;
        long written = (long) ROUNDS * (OVERWRITTEN + KEPT) * BYTES;
        assertThat(written).isGreaterThan(12 * live);
        assertThat(bytesOnDisk()).isLessThan(4 * live);
        for (int round = 0; round < ROUNDS; round++) {
            Row kept = await(rows.read(id("kept" + round + "-" + OVERWRITTEN), RowProjection.FULL));
            assertThat(Samples.bytes(kept.payload())).isEqualTo(Samples.bytes(BYTES, seed(round, OVERWRITTEN)));
        }
        await(rows.closeLater());
    }

    private static long seed(int round, int row) {
        return round * 1000L + row;
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("rocksdb"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
