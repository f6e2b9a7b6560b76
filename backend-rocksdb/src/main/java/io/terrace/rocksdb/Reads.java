// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Mono;

/** Reads that may wait for the disk, on threads of their own; and those that need not, on the caller's. */
final class Reads {

    private final Database database;
    private final Uses uses;
    private final Limit limit;
    private final Workers threads;

    Reads(Database database, Uses uses, Limit limit, int threads) {
        this.database = database;
        this.uses = uses;
        this.limit = limit;
        this.threads = new Workers("reads", threads);
    }

    /** A look at the database. */
    interface Look<T> {
        @Nullable
        T at(Database database) throws RocksDBException;
    }

    /** A look that finds something in any case, and does not block. */
    interface Glance<T> {
        T at(Database database) throws RocksDBException;
    }

    /** On the caller's thread: what needs no disk. */
    <T> T inPlace(Supplier<String> what, Glance<T> glance) {
        uses.hold();
        try {
            return glance.at(database);
        } catch (RocksDBException e) {
            throw RocksDbErrors.ofRead(what.get(), e);
        } finally {
            uses.release();
        }
    }

    /** On a thread that may wait. Not run at all if cancelled before; never stopped half-way. */
    <T> Mono<T> call(Supplier<String> what, Look<T> look) {
        return Mono.create(sink -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> cancelled.set(true));
            uses.hold();
            try {
                limit.begin();
            } catch (RuntimeException full) {
                uses.release();
                throw full;
            }
            threads.execute(() -> {
                T value = null;
                Throwable error = null;
                try {
                    value = cancelled.get() ? null : look.at(database);
                } catch (RocksDBException e) {
                    error = RocksDbErrors.ofRead(what.get(), e);
                } catch (Throwable e) {
                    error = e;
                }
                // Before the answer, so that whoever gets it finds room for the next call.
                limit.end();
                uses.release();
                if (cancelled.get()) {
                    return;
                }
                if (error == null) {
                    sink.success(value);
                } else {
                    sink.error(error);
                }
            });
        });
    }

    void stop() {
        threads.stop();
    }
}
