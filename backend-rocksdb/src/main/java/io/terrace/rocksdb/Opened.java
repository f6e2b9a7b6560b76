// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.Health;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A directory that is open: its database, who writes to it and who reads from it, and how all that ends. */
final class Opened {

    private final StoreDirectory directory;
    private final Committer committer;
    private final Reads reads;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    private Opened(StoreDirectory directory, Database database, RocksDbRows.Builder from) {
        this.directory = directory;
        Limit writes = new Limit(from.writeQueue, RocksDbOptions.WRITE_QUEUE.name());
        this.committer = new Committer(database, from.writeStep, writes);
        Limit waiting = new Limit(from.readQueue, RocksDbOptions.READ_QUEUE.name());
        this.reads = new Reads(database, committer.uses(), waiting, from.readThreads);
        committer.start(() -> end(database));
    }

    static Opened open(RocksDbRows.Builder from) {
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError e) {
            throw RocksDbErrors.noLibrary(e);
        }
        StoreDirectory directory = StoreDirectory.at(from.directory);
        Database database;
        try {
            database = new Database(
                    directory.files(), directory.isUnused(), from.fsync, from.blockCacheBytes, from.writeBufferBytes);
        } catch (RocksDBException e) {
            throw RocksDbErrors.ofOpening(directory.root(), directory.owner(), e);
        }
        try {
            directory.take(from.runtime);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return new Opened(directory, database, from);
    }

    Committer committer() {
        return committer;
    }

    Reads reads() {
        return reads;
    }

    Mono<Health> check() {
        String what = "rows in " + directory.root();
        return reads.<Health>call(() -> "checking the " + what, database -> {
                    String failure = committer.fuse().reason();
                    if (failure != null) {
                        return Health.down("read-only since a write failed: " + failure);
                    }
                    database.get(Family.HEADS, Keys.utf8(""));
                    return Health.up(what);
                })
                .onErrorResume(e -> Mono.just(Health.down(what + ": " + e)));
    }

    Mono<Void> closeLater() {
        return Mono.defer(() -> {
            committer.uses().close();
            return ended.asMono();
        });
    }

    /** On the committer's thread, when nobody uses the database any more. */
    private void end(Database database) {
        try {
            reads.stop();
            database.close();
        } finally {
            ended.tryEmitEmpty();
        }
    }
}
