// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** What somebody else does to RocksDB's files while no store has them open. */
final class Foreign {

    private Foreign() {}

    interface Work {
        void on(RocksDB db, Map<Family, ColumnFamilyHandle> families) throws Exception;
    }

    static void with(Path files, Work work) throws Exception {
        RocksDB.loadLibrary();
        List<ColumnFamilyDescriptor> descriptors = Stream.of(Family.values())
                .map(family -> new ColumnFamilyDescriptor(family.id()))
                .toList();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB db = RocksDB.open(options, files.toString(), descriptors, handles)) {
            Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
            for (Family family : Family.values()) {
                families.put(family, handles.get(families.size()));
            }
            work.on(db, families);
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    static void addColumnFamily(Path files, String name) throws Exception {
        with(files, (db, families) -> db.createColumnFamily(
                        new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8)))
                .close());
    }

    static int count(Path files, Family family) throws Exception {
        int[] count = new int[1];
        with(files, (db, families) -> {
            try (RocksIterator all = db.newIterator(families.get(family))) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    count[0]++;
                }
            }
        });
        return count[0];
    }

    static void delete(Path files, Family family, String key) throws Exception {
        with(files, (db, families) -> db.delete(families.get(family), Keys.utf8(key)));
    }

    /** Puts all that was written into its place, so that nothing of it is in the log. */
    static void flush(Path files) throws Exception {
        with(files, (db, families) -> {
            try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
                db.flush(options, List.copyOf(families.values()));
            }
        });
    }

    /** Turns over bits of the first rows in all tables; what says where rows are stays whole. */
    static void damageTables(Path files) throws Exception {
        try (Stream<Path> all = Files.list(files)) {
            for (Path table :
                    all.filter(file -> file.toString().endsWith(".sst")).toList()) {
                byte[] bytes = Files.readAllBytes(table);
                for (int i = 0; i < 10; i++) {
                    bytes[i] ^= 0x55;
                }
                Files.write(table, bytes);
            }
        }
    }
}
