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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Goes through all objects of a directory, page by page. It holds the names of one directory on each level, and looks only
 * where the prefix can be. A directory is listed in one go: the names in it do not change when a file is replaced, so
 * none is met twice or missed.
 */
final class FileWalk<T> {

    private static final int PAGE = 128;

    private final String prefix;
    private final Reader<T> reader;
    private final Deque<Node> todo = new ArrayDeque<>();

    FileWalk(Path directory, String prefix, Reader<T> reader) {
        this.prefix = prefix;
        this.reader = reader;
        todo.push(new Node(directory, "", Level.CONTEXT, true));
    }

    /** Makes what is looked for of a file. */
    interface Reader<T> {
        /** {@code null} to skip the file: it is not one of ours, does not match, or is gone. */
        @Nullable
        T read(Path file, Candidate candidate) throws IOException;
    }

    /**
     * A file in the place of an object's.
     *
     * @param fileName its name
     * @param context the object's context as far as the path tells, {@code null} if it does not
     * @param prefix what is looked for
     */
    record Candidate(String fileName, @Nullable String context, String prefix) {

        /** Whether its object can match, if its key is this one. */
        boolean mayBeNamed(@Nullable String key) {
            return context == null || key == null || isNamed(context + key);
        }

        boolean isNamed(String storagePath) {
            return storagePath.startsWith(prefix);
        }
    }

    /** Everything there is, by demand. */
    static <T> Flux<T> pages(IoThreads io, Supplier<FileWalk<T>> start, String what) {
        return Flux.defer(() -> {
            FileWalk<T> walk = start.get();
            return io.<List<T>>call(() -> {
                        try {
                            return walk.nextPage();
                        } catch (IOException e) {
                            throw LocalFsErrors.of(what, e);
                        }
                    })
                    .repeat()
                    .takeWhile(page -> !page.isEmpty())
                    .concatMapIterable(page -> page, 1);
        });
    }

    /** Empty at the end. */
    private List<T> nextPage() throws IOException {
        List<T> page = new ArrayList<>();
        while (page.size() < PAGE && !todo.isEmpty()) {
            Node next = todo.pop();
            if (next.level == Level.FILE) {
                T found = reader.read(next.path, new Candidate(nameOf(next.path), next.context, prefix));
                if (found != null) {
                    page.add(found);
                }
            } else {
                list(next.path).forEach(child -> descend(next, child));
            }
        }
        return page;
    }

    private void descend(Node parent, Path child) {
        String name = nameOf(child);
        Node node =
                switch (parent.level) {
                    case CONTEXT ->
                        !parent.isTop && name.equals(StorePaths.OBJECTS)
                                ? parent.child(child, extended(parent.context, name), Level.OBJECTS)
                                : parent.child(child, extended(parent.context, PathCodec.decode(name)), Level.CONTEXT);
                    case OBJECTS -> parent.child(child, parent.context, Level.BUCKET);
                    case BUCKET, FILE -> parent.child(child, parent.context, Level.FILE);
                };
        String context = node.context;
        if (context == null || context.startsWith(prefix) || prefix.startsWith(context)) {
            todo.push(node);
        }
    }

    private static @Nullable String extended(@Nullable String context, @Nullable String segment) {
        return context == null || segment == null ? null : context + segment + "/";
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException notOurs) {
            return List.of();
        }
        return children;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    private enum Level {
        CONTEXT,
        OBJECTS,
        BUCKET,
        FILE
    }

    private record Node(Path path, @Nullable String context, Level level, boolean isTop) {
        Node child(Path child, @Nullable String childContext, Level childLevel) {
            return new Node(child, childContext, childLevel, false);
        }
    }
}
