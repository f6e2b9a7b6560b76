// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.spi.OnDemand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads rows in order. It looks for the names that come next, as many as fit, and opens them when they are asked for; then it
 * looks again, behind the last of them.
 */
final class RowScan implements OnDemand.Source<RowFile> {

    private static final int MAX_PAGE = 128;

    /**
     * How many bytes of names it holds, at first and at most. A page of a listing is often found in the first ones; whoever
     * reads on walks the directories seldom.
     */
    private static final int MIN_ROOM = 1 << 16;

    private static final int MAX_ROOM = 1 << 22;

    private static final int DIRECTORY_ROOM = 1 << 20;

    private final IoThreads io;
    private final Path rows;
    private final String prefix;
    private final Deque<String> names = new ArrayDeque<>();
    private int room = MIN_ROOM;
    private FirstNames<String> first;
    private @Nullable RowNames walk;

    RowScan(IoThreads io, Path rows, String prefix, String after) {
        this.io = io;
        this.rows = rows;
        this.prefix = prefix;
        this.first = new FirstNames<>(after, room);
        this.walk = new RowNames(rows, prefix, first, DIRECTORY_ROOM);
    }

    @Override
    public boolean isOver() {
        return walk == null && names.isEmpty();
    }

    @Override
    public Mono<List<RowFile>> next(long wanted) {
        return io.call(() -> {
            try {
                return step(wanted);
            } catch (IOException e) {
                throw LocalFsErrors.of("listing the rows below '" + prefix + "'", e);
            }
        });
    }

    private List<RowFile> step(long wanted) throws IOException {
        if (walk != null) {
            look(walk);
            return List.of();
        }
        List<RowFile> page = new ArrayList<>();
        for (long i = Math.min(wanted, MAX_PAGE); i > 0 && !names.isEmpty(); i--) {
            RowFile row = read(names.remove());
            if (row != null) {
                page.add(row);
            }
        }
        if (names.isEmpty()) {
            lookBehind(first.last());
        }
        return page;
    }

    private void look(RowNames found) throws IOException {
        if (!found.step()) {
            names.addAll(first.values());
            walk = null;
        }
    }

    private void lookBehind(@Nullable String last) {
        if (last != null) {
            room = Math.min(4 * room, MAX_ROOM);
            first = new FirstNames<>(last, room);
            walk = new RowNames(rows, prefix, first, DIRECTORY_ROOM);
        }
    }

    /** The row; {@code null} if it is gone, or its name led to a file that is not its own. */
    private @Nullable RowFile read(String storagePath) throws IOException {
        try {
            ObjectId id = ObjectId.fromStoragePath(storagePath);
            RowFile row = RowFile.readHead(StorePaths.row(rows, id), null);
            return row != null && row.object().equals(id) ? row : null;
        } catch (InvalidObjectIdException notOurs) {
            return null;
        }
    }
}
