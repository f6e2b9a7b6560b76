// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An upload in parts. Each call is one step under its lock, so one that has ended never takes anything more. */
final class Session {

    private final UploadSession name;
    private final ObjectMetadata metadata;
    private final Capacity capacity;
    private final NavigableMap<Integer, StoredPart> parts = new TreeMap<>();
    private boolean ended;

    Session(UploadSession name, ObjectMetadata metadata, Capacity capacity) {
        this.name = name;
        this.metadata = metadata;
        this.capacity = capacity;
    }

    UploadSession name() {
        return name;
    }

    /** Takes a part, whose room is accounted for, in the place of an earlier one. */
    synchronized void put(StoredPart part) {
        requireLive();
        StoredPart before = parts.put(part.info().number(), part);
        if (before != null) {
            capacity.take(-before.info().size());
        }
    }

    synchronized PartPage list(int after, int max) {
        requireLive();
        List<PartInfo> page = new ArrayList<>();
        for (StoredPart part : parts.tailMap(after, false).values()) {
            if (page.size() == max) {
                return new PartPage(page, true);
            }
            page.add(part.info());
        }
        return new PartPage(page, false);
    }

    /** Makes the parts one blob, in one step, and ends. */
    synchronized BlobInfo completeInto(BlobTable blobs, List<UploadedPart> list, UploadLimits limits) {
        requireLive();
        limits.requireList(Held.NAME, list, number -> infoOf(parts.get(number)));
        List<byte[]> pieces = new ArrayList<>();
        long size = 0;
        for (UploadedPart named : list) {
            StoredPart part = requireNonNull(parts.get(named.number()));
            pieces.addAll(part.pieces());
            size += part.info().size();
        }
        BlobInfo info = new BlobInfo(name.blob(), size, metadata);
        StoredBlob found = blobs.putIfAbsent(new StoredBlob(info, pieces));
        if (found == null) {
            // Their room is the blob's now.
            list.forEach(part -> parts.remove(part.number()));
        }
        end();
        return found == null ? info : found.info();
    }

    private static @Nullable PartInfo infoOf(@Nullable StoredPart part) {
        return part == null ? null : part.info();
    }

    /** Lets go of all parts. Idempotent. */
    synchronized void end() {
        ended = true;
        parts.values().forEach(part -> capacity.take(-part.info().size()));
        parts.clear();
    }

    private void requireLive() {
        if (ended) {
            throw gone(name);
        }
    }

    static UploadGoneException gone(UploadSession name) {
        return new UploadGoneException(
                Held.NAME,
                "There is no " + name + ": it was completed or aborted, or it never began. Begin another one.");
    }
}
