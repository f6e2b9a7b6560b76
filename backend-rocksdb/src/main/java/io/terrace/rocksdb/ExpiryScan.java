// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.OnDemand;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import reactor.core.publisher.Mono;

/** Looks for rows whose time of collection has come, the earliest first. */
final class ExpiryScan implements OnDemand.Source<Expiry> {

    private static final int MAX_PAGE = 256;

    private final Reads reads;
    private final long nowMicros;
    private byte[] from = {};
    private boolean over;

    ExpiryScan(Reads reads, long nowMicros) {
        this.reads = reads;
        this.nowMicros = nowMicros;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Mono<List<Expiry>> next(long wanted) {
        return reads.call(() -> "looking for rows to collect", database -> page(database, wanted));
    }

    private List<Expiry> page(Database database, long wanted) throws RocksDBException {
        List<Expiry> page = new ArrayList<>();
        try (RocksIterator expiries = database.iterator(Family.EXPIRIES)) {
            expiries.seek(from);
            for (long most = Math.min(wanted, MAX_PAGE); page.size() < most; expiries.next()) {
                if (!expiries.isValid() || Keys.collectAtOf(expiries.key()) >= nowMicros) {
                    expiries.status();
                    over = true;
                    break;
                }
                byte[] key = expiries.key();
                page.add(new Expiry(new RowKey(RowScan.idOf(Keys.keyOf(key))), Keys.versionOf(expiries.value())));
                from = Keys.behind(key);
            }
        }
        return page;
    }
}
