// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.UploadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The files of uploads in parts: {@code <token>/session}, which is the frame of a blob without a body, and
 * {@code <token>/<number>.part}. A directory without the first is what is left of a session, or not one yet.
 */
final class SessionFiles {

    private static final String SESSION = "session";
    private static final String PART = ".part";
    private static final int PAGE = 128;
    private static final int ATTEMPTS = 10;

    private final Path directory;
    private final DurableFiles files;

    SessionFiles(Path directory, DurableFiles files) {
        this.directory = directory;
        this.files = files;
    }

    void create(UploadSession session, ByteBuffer description) throws IOException {
        Path file = directory.resolve(session.token()).resolve(SESSION);
        for (int i = 1; ; i++) {
            try {
                files.link(files.stage(List.of(description.duplicate())), file);
                return;
            } catch (NoSuchFileException swept) {
                // A process that has just started took the empty directory for a leftover.
                if (i == ATTEMPTS) {
                    throw swept;
                }
            }
        }
    }

    /** What was said at its start; {@code null} if there is no such session. */
    @Nullable
    BlobInfo read(UploadSession session) throws IOException {
        BlobInfo info = isToken(session.token()) ? readAt(directory.resolve(session.token())) : null;
        // A token alone is not enough: it is of one blob.
        return info != null && info.id().equals(session.blob()) ? info : null;
    }

    private static @Nullable BlobInfo readAt(Path of) throws IOException {
        try (FileChannel channel = FileChannel.open(of.resolve(SESSION), StandardOpenOption.READ)) {
            return BlobFrame.read(channel, "upload '" + of.getFileName() + "'").info();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    Path part(UploadSession session, int number) {
        return directory.resolve(session.token()).resolve(number + PART);
    }

    /** @throws NoSuchFileException if the session has been removed */
    void store(Temporary file, UploadSession session, int number) throws IOException {
        files.replaceIfDirectory(file, part(session, number));
    }

    /** The numbers above that one, ascending. */
    List<Integer> partsAfter(UploadSession session, int after) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Path file : filesIn(directory.resolve(session.token()))) {
            String name = nameOf(file);
            if (name.matches("[1-9]\\d{0,8}\\" + PART)) {
                int number = Integer.parseInt(name.substring(0, name.length() - PART.length()));
                if (number > after) {
                    numbers.add(number);
                }
            }
        }
        numbers.sort(Comparator.naturalOrder());
        return numbers;
    }

    /** The session is gone when its description is, durably. What else there is goes afterwards, or at the next start. */
    void remove(UploadSession session) throws IOException {
        Path of = directory.resolve(session.token());
        files.remove(of.resolve(SESSION));
        try {
            removeRest(of);
        } catch (IOException left) {
            // It takes up room, and nothing else.
            return;
        }
    }

    /** Removes what dead processes left of sessions. */
    static void sweep(Path directory) throws IOException {
        for (Path of : filesIn(directory)) {
            if (isToken(nameOf(of)) && !Files.exists(of.resolve(SESSION))) {
                removeRest(of);
            }
        }
    }

    /** A part that was under way may come meanwhile. */
    private static void removeRest(Path of) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            for (Path file : filesIn(of)) {
                if (nameOf(file).endsWith(PART)) {
                    Files.deleteIfExists(file);
                }
            }
            try {
                Files.deleteIfExists(of);
                return;
            } catch (DirectoryNotEmptyException anotherPart) {
                // Once more, to remove that too.
            }
        }
    }

    /** The names are read at once, as for other listings; what they stand for, by the page. */
    Flux<UploadSession> list(IoThreads io, String prefix) {
        String what = "listing the uploads below '" + prefix + "'";
        return io.<Iterator<Path>>call(() -> {
                    try {
                        return filesIn(directory).iterator();
                    } catch (IOException e) {
                        throw LocalFsErrors.of(what, e);
                    }
                })
                .flatMapMany(rest -> io.<List<UploadSession>>call(() -> {
                            try {
                                return page(rest, prefix);
                            } catch (IOException e) {
                                throw LocalFsErrors.of(what, e);
                            }
                        })
                        .repeat()
                        .takeWhile(page -> !page.isEmpty())
                        .concatMapIterable(page -> page, 1));
    }

    private static List<UploadSession> page(Iterator<Path> rest, String prefix) throws IOException {
        List<UploadSession> page = new ArrayList<>();
        while (page.size() < PAGE && rest.hasNext()) {
            Path of = rest.next();
            BlobInfo info = isToken(nameOf(of)) ? readAt(of) : null;
            if (info != null && info.id().object().storagePath().startsWith(prefix)) {
                page.add(new UploadSession(info.id(), nameOf(of)));
            }
        }
        return page;
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(all::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return all;
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Only what {@link java.util.UUID} prints: nothing that leads elsewhere. */
    private static boolean isToken(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException other) {
            return false;
        }
    }
}
