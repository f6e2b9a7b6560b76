// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Looks for rows whose time of collection has come, the earliest first. */
final class ExpiryScan implements OnDemand.Source<Expiry> {

    private static final int MAX_PAGE = 256;

    private final long nowMicros;
    private byte[] from = {};
    private boolean over;

    ExpiryScan(long nowMicros) {
        this.nowMicros = nowMicros;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public List<Expiry> step(Database database, long wanted) throws RocksDBException {
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
                page.add(new Expiry(RowScan.idOf(Keys.keyOf(key)), Keys.versionOf(expiries.value())));
                from = Keys.behind(key);
            }
        }
        return page;
    }
}
