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
            LogSegment segment = newestSegment(layout, state);
            IoThreads answers = new IoThreads("log-answers", 1, Integer.MAX_VALUE);
            LogWriter log =
                    new LogWriter(layout.log(), layout.files(), state, segment, writer, answers, compactionBytes);
            return new SegmentChangeLog(layout, state, log, ownership, writer, maxEntries);
        } catch (IOException | RuntimeException e) {
            ownership.release();
            throw e;
        }
    }

    /** The newest counts: a segment has its name only when it is complete. */
    private static LogSegment newestSegment(Layout layout, LogState state) throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.log())) {
            for (Path file : files) {
                long number = LogSegment.numberIn(String.valueOf(file.getFileName()));
                if (number >= 0) {
                    segments.put(number, file);
                }
            }
        }
        Map.Entry<Long, Path> newest = segments.pollLastEntry();
        if (newest == null) {
            return LogSegment.create(layout.log(), 1, state, layout.files());
        }
        LogSegment segment = LogReplay.open(newest.getValue(), newest.getKey(), state, layout.files());
        for (Path old : segments.values()) {
            layout.files().remove(old);
        }
        return segment;
    }
}
