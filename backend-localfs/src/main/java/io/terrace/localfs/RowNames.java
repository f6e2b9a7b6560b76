// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the storage paths that come next, in one walk over the directories. Hashes scatter the rows of a context over many
 * directories, and none of these is sorted, so it reads all names that the prefix admits and keeps the first. It opens a file
 * only if its name, or that of its context, was too long and is a hash.
 *
 * <p>A directory that is left at once is read in one go: the names in it do not change when a file is replaced, so none is
 * met twice or missed.
 */
final class RowNames {

    /** After so many names it pauses, so that others get the thread and a cancel is noticed. */
    private static final int STEP = 1000;

    private final Path rows;
    private final String prefix;
    private final FirstNames<String> first;
    private final int directoryRoom;
    private final Deque<Node> todo = new ArrayDeque<>();

    /**
     * @param rows the directory of all rows
     * @param first where to put what is found
     * @param directoryRoom how many bytes of names of directories it may hold on each level
     */
    RowNames(Path rows, String prefix, FirstNames<String> first, int directoryRoom) {
        this.rows = rows;
        this.prefix = prefix;
        this.first = first;
        this.directoryRoom = directoryRoom;
        todo.push(new Node(rows, "", Level.CONTEXT, ""));
    }

    private enum Level {
        /** A use case, a scope, or the directory of all. */
        CONTEXT,
        /** The directories of a context's rows. */
        OBJECTS,
        /** One of them. */
        BUCKET
    }

    /**
     * A directory.
     *
     * @param context how the storage paths below it begin, {@code null} if a hash is in their place
     * @param after of a CONTEXT, the name of the directory in it to go on after
     */
    private record Node(Path path, @Nullable String context, Level level, String after) {}

    /** Takes in some of the names, if any are left. */
    boolean step() throws IOException {
        int seen = 0;
        while (seen < STEP && !todo.isEmpty()) {
            Node next = todo.pop();
            if (mayHold(next.context)) {
                seen += switch (next.level) {
                    case CONTEXT -> context(next);
                    case OBJECTS ->
                        each(next.path, bucket -> todo.push(new Node(bucket, next.context, Level.BUCKET, "")));
                    case BUCKET -> each(next.path, file -> row(next.context, file));
                };
            }
        }
        return !todo.isEmpty();
    }

    /** The first directories of it in their order, so that those that come later can be passed over. */
    private int context(Node node) throws IOException {
        boolean isTop = node.path.equals(rows);
        FirstNames<Node> children = new FirstNames<>(node.after, directoryRoom);
        int seen = each(node.path, child -> {
            String name = nameOf(child);
            boolean objects = !isTop && name.equals(StorePaths.OBJECTS);
            String segment = objects ? name : PathCodec.decode(name);
            if (segment != null) {
                String context = node.context == null ? null : node.context + segment + "/";
                if (mayHold(context)) {
                    children.offer(
                            segment + "/", new Node(child, context, objects ? Level.OBJECTS : Level.CONTEXT, ""));
                }
            } else if (PathCodec.isHashed(name)) {
                children.offer(name, new Node(child, null, Level.CONTEXT, ""));
            }
        });
        String last = children.last();
        if (last != null) {
            todo.push(new Node(node.path, node.context, Level.CONTEXT, last));
        }
        List<Node> ordered = new ArrayList<>(children.values());
        for (int i = ordered.size(); i > 0; i--) {
            todo.push(ordered.get(i - 1));
        }
        return seen;
    }

    private void row(@Nullable String context, Path file) throws IOException {
        String name = nameOf(file);
        String key = PathCodec.decode(name);
        if (context != null && key != null) {
            offer(context + key);
        } else if (key != null || PathCodec.isHashed(name)) {
            RowFile row = RowFile.readHead(file, null);
            // A copy in another place is nobody's.
            if (row != null && StorePaths.row(rows, row.object()).equals(file)) {
                offer(row.object().storagePath());
            }
        }
    }

    private void offer(String path) {
        if (path.startsWith(prefix)) {
            first.offer(path, path);
        }
    }

    private boolean mayHold(@Nullable String context) {
        return context == null
                || ((context.startsWith(prefix) || prefix.startsWith(context)) && first.mayBeginWith(context));
    }

    private interface Visit {
        void accept(Path child) throws IOException;
    }

    private static int each(Path directory, Visit visit) throws IOException {
        int seen = 0;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path child : stream) {
                visit.accept(child);
                seen++;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (!directory.toString().equals(e.getFile())) {
                throw e;
            }
            // Not a directory of ours, so nothing is in it.
        }
        return seen;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
