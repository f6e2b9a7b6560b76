// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Blind operations on a row while somebody turns it into a tombstone. */
final class BlindRace {

    private static final int ROUNDS = 20;
    private static final int BLIND = 3;

    private BlindRace() {}

    static void againstTombstones(Rows rows, Consumer<ObjectId> blind) {
        for (int round = 0; round < ROUNDS; round++) {
            ObjectId id = rows.fresh();
            AtomicBoolean installed = new AtomicBoolean();
            List<Callable<WriteId>> racers = new ArrayList<>();
            racers.add(() -> {
                try {
                    return installTombstone(rows, id);
                } finally {
                    installed.set(true);
                }
            });
            for (int i = 0; i < BLIND; i++) {
                racers.add(() -> {
                    int after = 0;
                    for (int calls = 1; after < 3; calls++) {
                        blind.accept(id);
                        after += installed.get() ? 1 : 0;
                        LockSupport.parkNanos(installed.get() ? 0 : pauseNanos(calls));
                    }
                    return WriteId.NONE;
                });
            }
            WriteId writeId = Race.of(racers).get(0);

            assertThat(rows.head(id).kind()).isEqualTo(RowKind.TOMBSTONE);
            assertThat(rows.head(id).writeId()).isEqualTo(writeId);
        }
    }

    /** Longer with each call, or who installs the tombstone would never win on a store whose reads are slow. */
    private static long pauseNanos(int calls) {
        return Math.min(calls * 10_000L, 20_000_000L);
    }

    private static WriteId installTombstone(Rows rows, ObjectId id) {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            RowWrite tombstone = Rows.tombstone(id);
            if (Rows.isApplied(rows.cas(id, rows.head(id).version(), tombstone))) {
                return tombstone.writeId();
            }
        }
        throw new AssertionError("10000 attempts to replace a busy row were all refused");
    }
}
