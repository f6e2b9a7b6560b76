// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Opens the change log of a directory. */
final class LogOpening {

    private LogOpening() {}

    /**
     * Takes the log over and reads it. On a thread that cannot be interrupted.
     *
     * @param writer its one thread; the caller closes it if this fails
     */
    static SegmentChangeLog open(
            Layout layout, TerraceRuntime runtime, IoThreads writer, int maxEntries, long compactionBytes)
            throws IOException {
        layout.files().ensureDirectory(layout.log());
        LogOwnership ownership = LogOwnership.take(layout, runtime);
        try {
            LogState state = new LogState();
            LogSegment segment = readSegments(layout, state);
            IoThreads answers = new IoThreads("log-answers", 1, Integer.MAX_VALUE);
            LogWriter log =
                    new LogWriter(layout.log(), layout.files(), state, segment, writer, answers, compactionBytes);
            return new SegmentChangeLog(layout, state, log, ownership, writer, maxEntries);
        } catch (IOException | RuntimeException e) {
            ownership.release();
            throw e;
        }
    }

    /**
     * Reads the newest segment, which alone counts, and begins the next with what was found. What a process wrote that died,
     * or whose fsync failed, can be read but may not be on the disk, and forcing the old file again would not tell.
     */
    private static LogSegment readSegments(Layout layout, LogState state) throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.log())) {
            for (Path file : files) {
                long number = LogSegment.numberIn(String.valueOf(file.getFileName()));
                if (number >= 0) {
                    segments.put(number, file);
                }
            }
        }
        Map.Entry<Long, Path> newest = segments.lastEntry();
        long number = newest == null ? 0 : newest.getKey();
        if (newest != null) {
            LogReplay.read(newest.getValue(), number, state);
        }
        LogSegment segment = LogSegment.create(layout.log(), number + 1, state, layout.files());
        try {
            for (Path old : segments.values()) {
                layout.files().remove(old);
            }
            return segment;
        } catch (IOException e) {
            segment.close();
            throw e;
        }
    }
}
