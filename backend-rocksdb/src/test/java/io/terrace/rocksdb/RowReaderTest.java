// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.METADATA;
import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Head and payload are of one write, or there is an error. */
class RowReaderTest {

    private static final ObjectId ID = id("key");

    @TempDir
    Path root;

    @Test
    void aPayloadOfAnotherWriteDoesNotFit() throws Exception {
        Value one = value("one");
        Value two = value("two");

        assertThat(attempt(one, two.sealed).fits()).isFalse();
        assertThat(attempt(one, null).fits()).isFalse();
        assertThat(attempt(one, new byte[3]).fits()).isFalse();
        RowReader.Attempt whole = attempt(one, one.sealed);
        assertThat(whole.fits()).isTrue();
        assertThat(Samples.text(whole.row().payload())).isEqualTo("one");
    }

    @Test
    void aPayloadThatChangedUnderItsWriteIsDamage() {
        Value one = value("one");
        byte[] sealed = one.sealed.clone();
        sealed[sealed.length - 1] ^= 1;

        assertThatThrownBy(() -> attempt(one, sealed))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(ID.toString());
    }

    @Test
    void aHeadWhosePayloadIsMissingIsDamageAndNotAnEmptyObject() throws Exception {
        RocksDbRows rows = open();
        await(rows.putUnlessTombstone(ID, RUNTIME.newWriteId(), inline("text")));
        await(rows.closeLater());
        Foreign.delete(root.resolve("rocksdb"), Family.PAYLOADS, ID.storagePath());

        RocksDbRows again = open();
        assertThatThrownBy(() -> await(again.read(ID, RowProjection.FULL)))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("payload is missing")
                .hasMessageContaining("Restore it from a copy");
        assertThat(await(again.read(ID, RowProjection.HEAD)).kind()).isEqualTo(RowKind.INLINE);
        await(again.closeLater());
    }

    @Test
    void aRowThatCannotBeReadIsNeverTakenForAnAbsentOne() throws Exception {
        RocksDbRows rows = open();
        await(rows.putUnlessTombstone(ID, RUNTIME.newWriteId(), inline("text")));
        await(rows.closeLater());
        Foreign.flush(root.resolve("rocksdb"));
        Foreign.damageTables(root.resolve("rocksdb"));

        RocksDbRows again = open();
        for (RowProjection projection : RowProjection.values()) {
            assertThatThrownBy(() -> await(again.read(ID, projection))).isInstanceOf(IntegrityException.class);
            assertThatThrownBy(() -> await(again.readAll(List.of(ID), projection)))
                    .isInstanceOf(IntegrityException.class);
        }
        assertThatThrownBy(() -> await(again.scan("", ""))).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> await(again.putUnlessTombstone(ID, RUNTIME.newWriteId(), inline("new"))))
                .isInstanceOf(IntegrityException.class);
        // It harms nobody else.
        await(again.putUnlessTombstone(id("other"), RUNTIME.newWriteId(), inline("text")));
        await(again.closeLater());
    }

    /** Most reads have something in between when writers never rest; each answer is of one write. */
    @Test
    void readsBesideWritersNeverMixTwoWrites() {
        RocksDbRows rows = open();
        await(rows.putUnlessTombstone(ID, RUNTIME.newWriteId(), tagged(0)));
        Disposable writing = Flux.range(1, Integer.MAX_VALUE)
                .flatMap(i -> rows.putUnlessTombstone(ID, RUNTIME.newWriteId(), tagged(i)), 4)
                .subscribe();
        try {
            for (int i = 0; i < 20_000; i++) {
                Row row = await(rows.read(ID, RowProjection.FULL));
                assertThat(Samples.text(row.payload()))
                        .isEqualTo(row.head().metadata().custom().get("tag"));
            }
        } finally {
            writing.dispose();
        }
        await(rows.closeLater());
    }

    private static InlineObject tagged(int i) {
        return new InlineObject(
                METADATA.toBuilder().custom("tag", "" + i).build(),
                Deadline.NONE,
                ByteBuffer.wrap(("" + i).getBytes(StandardCharsets.UTF_8)));
    }

    private static RowReader.Attempt attempt(Value head, byte[] sealed) throws Exception {
        return RowReader.attempt((family, key) -> family == Family.HEADS ? head.encoded : sealed, new RowKey(ID), true);
    }

    private static Value value(String text) {
        WriteId writeId = RUNTIME.newWriteId();
        RowHead head = new RowHead(RowKind.INLINE, RowVersion.of(writeId, 0), Deadline.NONE, 1, METADATA, null);
        return Value.of(head, inline(text).payload(), 0);
    }

    private RocksDbRows open() {
        return RocksDbRows.builder(root, RUNTIME).fsync(false).build();
    }
}
