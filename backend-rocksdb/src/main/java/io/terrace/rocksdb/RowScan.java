// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.spi.OnDemand;
import io.terrace.spi.RowListing.ListedRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import reactor.core.publisher.Mono;

/** Reads rows in order, a page at a time; each page looks anew for the first row behind the last one. (HV-7) */
final class RowScan implements OnDemand.Source<ListedRow> {

    private static final int MAX_PAGE = 128;

    private final Reads reads;
    private final String what;
    private final byte[] prefix;
    private byte[] from;
    private boolean over;

    RowScan(Reads reads, String prefix, String after) {
        this.reads = reads;
        this.what = "listing the rows below '" + prefix + "'";
        this.prefix = Keys.utf8(prefix);
        byte[] behind = after.isEmpty() ? this.prefix : Keys.behind(Keys.utf8(after));
        this.from = Arrays.compareUnsigned(behind, this.prefix) > 0 ? behind : this.prefix;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Mono<List<ListedRow>> next(long wanted) {
        return reads.call(() -> what, database -> page(database, wanted));
    }

    private List<ListedRow> page(Database database, long wanted) throws RocksDBException {
        List<ListedRow> page = new ArrayList<>();
        try (RocksIterator rows = database.iterator(Family.HEADS)) {
            rows.seek(from);
            for (long most = Math.min(wanted, MAX_PAGE); page.size() < most; rows.next()) {
                if (!rows.isValid() || !Keys.startsWith(rows.key(), prefix)) {
                    // An iterator ends where it cannot read on, too.
                    rows.status();
                    over = true;
                    break;
                }
                byte[] key = rows.key();
                page.add(row(key, rows.value()));
                from = Keys.behind(key);
            }
        }
        return page;
    }

    private static ListedRow row(byte[] key, byte[] head) {
        return new ListedRow(idOf(key), RowReader.decode(head, Keys.text(key)).head());
    }

    static ObjectId idOf(byte[] key) {
        try {
            return ObjectId.fromStoragePath(Keys.text(key));
        } catch (InvalidObjectIdException notOurs) {
            throw RocksDbErrors.damaged("listing rows", "'" + Keys.text(key) + "' is not the path of a row", notOurs);
        }
    }
}
